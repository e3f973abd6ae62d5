#pragma once
#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "database.hpp"
#include "fermata/error.hpp"
#include "fermata/index.hpp"
#include "totals.hpp"

namespace fermata::index_rocksdb {

/// An entry of the change feed that has no sequence yet.
struct PendingChange {
  Change::Kind kind;
  std::string series;
  std::string instance;
};

/// What a transaction does to the statistics.
struct StatisticsDelta {
  int64_t studies = 0;
  int64_t series = 0;
  int64_t instances = 0;
  int64_t bytes = 0;
  std::map<std::string, int64_t> days;  ///< studies of a day, by day_key
};

/// What a transaction wants written. **Ownership**: borrows everything until the commit returns.
struct Commit {
  rocksdb::WriteBatch& batch;
  std::string_view study;
  const std::vector<PendingChange>& changes;
  const StatisticsDelta& delta;
  const std::vector<std::string_view>& claimed;  ///< SOP Instance UIDs that were free when the ledger stood at `since`
  uint64_t since = 0;
};

/// The change feed and the statistics, which every commit moves: the only step in which transactions wait for each
/// other.
///
/// One of them writes, and those who come meanwhile are written together by one of them: one entry in RocksDB's
/// log, one change of the totals.
///
/// An index that is not in use yet has no feed of its own: its sequence only orders what comes into it.
/// Sequences are given out and written under one lock, so that whoever sees change n+1 sees change n. The statistics
/// are written with the same batch, so that they are exact whenever the process ends.
/// **Thread**: any.
class Ledger {
 public:
  enum class Feed { written, none };
  explicit Ledger(Database& database, Feed feed = Feed::written);

  /// Error conflict if another study has taken one of the claimed UIDs meanwhile: then nothing of this commit is
  /// written.
  void commit(const Commit& commit);
  /// Writes `batch`, which empties the index, and sets the statistics to zero. The sequence goes on.
  void clear(rocksdb::WriteBatch& batch);

  IndexStatistics statistics() const;
  /// Number of the last change.
  uint64_t sequence() const { return sequence_.load(); }

 private:
  struct Group {
    struct Member {
      const Commit* commit;
      int64_t time;
      std::optional<Error> error;
    };
    std::vector<Member> members;
    bool done = false;
    std::condition_variable turn;  ///< of the first member: to write, unless somebody came who did
    std::condition_variable over;  ///< of the others
  };

  void lead(std::unique_lock<std::mutex>& lock, std::shared_ptr<Group> following);
  Totals write(Group& group);
  Totals write_accepted(const std::vector<Group::Member*>& accepted);
  std::vector<Group::Member*> accept(Group& group) const;
  void put_days(rocksdb::WriteBatch& batch, const std::map<std::string, int64_t>& days) const;

  Database& database_;
  const Feed feed_;
  mutable std::mutex mutex_;
  std::condition_variable written_;  // of those who clear
  bool writing_ = false;
  unsigned clearing_ = 0;
  std::shared_ptr<Group> next_ = std::make_shared<Group>();
  IndexStatistics statistics_;
  std::atomic<uint64_t> sequence_{0};
};

}  // namespace fermata::index_rocksdb
