#pragma once
#include <filesystem>
#include <string>
#include <vector>

#include "fermata/integrity.hpp"

namespace fermata::backup {

/// Copies of blobs in backups, the latest first, and in other folders that hold blobs: a mirror of the store, a
/// snapshot of its file system. **Thread**: one at a time.
class BackupCopies final : public ObjectCopies {
 public:
  /// A folder of `mirrors` is a store of blobs (it has `objects/`), or a data folder with `blobs/objects/` in it.
  BackupCopies(const std::filesystem::path& destination, const std::vector<std::filesystem::path>& mirrors);
  std::unique_ptr<BlobReader> copy(std::string_view blob_key, uint64_t number) override;
  std::string_view place() override { return place_; }

 private:
  std::vector<std::filesystem::path> roots_;
  std::string place_;
};

}  // namespace fermata::backup
