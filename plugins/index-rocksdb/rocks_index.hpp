#pragma once
#include "database.hpp"
#include "fermata/index.hpp"
#include "ledger.hpp"
#include "study_locks.hpp"

namespace fermata::index_rocksdb {

/// The index in a RocksDB database.
///
/// **Thread**: any. **Ownership**: uses the database, which must outlive it and what it hands out.
class RocksIndex final : public Index {
 public:
  explicit RocksIndex(Database& database, Ledger::Feed feed = Ledger::Feed::written)
      : database_(database), ledger_(database, feed) {}
  std::unique_ptr<IndexTransaction> begin(std::string_view study_instance_uid) override;
  std::unique_ptr<MatchCursor> find(const Query& query) override;
  std::unique_ptr<InstanceCursor> instances(const Selection& selection) override;
  std::unique_ptr<ChangeCursor> changes(uint64_t after) override;
  IndexStatistics statistics() override { return ledger_.statistics(); }
  void sync() override { database_.sync(); }
  void clear() override;
  /// Number of the last change.
  uint64_t sequence() const { return ledger_.sequence(); }

 private:
  Database& database_;
  Ledger ledger_;
  StudyLocks locks_;
};

}  // namespace fermata::index_rocksdb
