#pragma once
#include <atomic>
#include <string>

#include "database.hpp"
#include "fermata/backup_source.hpp"

namespace fermata::index_rocksdb {

/// The database for a backup: a checkpoint of RocksDB in a folder inside of its own, by hard links where files are
/// final, for as long as a session lives. What an earlier run has left there goes when this is made.
///
/// **Thread**, **Ownership**: as BackupSource, one session at a time. **Errors**: conflict (another session), no_space,
/// io.
class DatabaseBackup final : public BackupSource {
 public:
  explicit DatabaseBackup(Database& database);
  std::string_view place() override { return place_; }
  std::unique_ptr<BackupSession> begin() override;

 private:
  Database& database_;
  const std::string place_;
  std::atomic<bool> in_use_{false};
};

}  // namespace fermata::index_rocksdb
