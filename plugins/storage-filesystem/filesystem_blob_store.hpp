#pragma once
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <string_view>

#include "blob_backup.hpp"
#include "blob_file_writer.hpp"
#include "blob_journal.hpp"
#include "directory_tree.hpp"
#include "durability.hpp"
#include "fermata/blob_store.hpp"
#include "free_space.hpp"
#include "group_commit.hpp"
#include "held_blobs.hpp"
#include "keys_in_use.hpp"
#include "root_folder.hpp"

namespace fermata::storage_filesystem {

enum class DurabilityChoice { automatic, ordered, strict };

struct StoreSettings {
  std::string root;
  DurabilityChoice durability = DurabilityChoice::automatic;
  uint64_t reserve = uint64_t{2} << 30;
  JournalSettings journal = {};
};

/// Keeps each blob as a plain file `objects/<key>` below one folder.
///
/// **Thread**, **Ownership**, **Visibility**, **Errors**: as `BlobStore`; opening throws what `RootFolder` does.
class FilesystemBlobStore final : public BlobStore {
 public:
  explicit FilesystemBlobStore(const StoreSettings& settings);
  /// With another way of making things durable than the settings name.
  FilesystemBlobStore(const StoreSettings& settings, std::unique_ptr<Durability> durability);

  std::unique_ptr<BlobWriter> create(std::string_view key) override;
  std::unique_ptr<BlobReader> open(std::string_view key) override;
  void remove(std::string_view key) override;
  std::unique_ptr<BlobCursor> list(std::string_view after) override;
  Capacity capacity() override { return space_.capacity(); }
  void sync() override;

  BackupSource& backup() { return backup_; }
  uint64_t leftovers() const { return root_.leftovers(); }
  /// How many blobs were written anew at the opening, from the journal of a run that did not end by itself.
  uint64_t replayed() const { return replayed_; }
  /// Why there is no journal though one is wanted; empty if there is.
  const std::string& without_journal() const { return without_journal_; }
  std::string_view durability() const { return durability_->name(); }

 private:
  std::unique_ptr<BlobJournal> open_journal(const JournalSettings& settings);
  std::string remove_empty_folders(std::string folder);
  std::set<std::string> take_removed_from();
  std::shared_ptr<Directory> nearest_existing(std::string folder);

  RootFolder root_;
  DirectoryTree objects_;
  HeldBlobs held_;
  BlobBackup backup_;
  std::unique_ptr<Durability> durability_;
  Soundness soundness_;
  GroupCommit commits_;
  FreeSpace space_;
  KeysInUse keys_;
  const uint64_t replayed_;
  std::string without_journal_;
  std::unique_ptr<BlobJournal> journal_;
  WritingParts writing_;

  std::mutex removed_mutex_;
  std::set<std::string> removed_from_;  // folders with names removed since the last sync
  std::mutex sync_mutex_;
};

}  // namespace fermata::storage_filesystem
