#pragma once
#include <string>

#include "fermata/backup_source.hpp"
#include "held_blobs.hpp"
#include "root_folder.hpp"

namespace fermata::storage_filesystem {

/// The store for a backup: its marker, and every blob as a file, also those that are removed meanwhile.
///
/// **Thread**, **Ownership**, **Errors**: as BackupSource.
class BlobBackup final : public BackupSource {
 public:
  BlobBackup(const RootFolder& root, HeldBlobs& held) : root_(root), held_(held) {}
  std::string_view place() override { return root_.path(); }
  std::unique_ptr<BackupSession> begin() override;

 private:
  const RootFolder& root_;
  HeldBlobs& held_;
};

}  // namespace fermata::storage_filesystem
