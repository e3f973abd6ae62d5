#pragma once
#include <atomic>
#include <cstdint>
#include <map>
#include <mutex>
#include <string>
#include <vector>

#include "database.hpp"
#include "fermata/index.hpp"

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

/// The change feed and the statistics, which every commit moves: the only step in which transactions wait for each
/// other.
///
/// An index that is not in use yet has no feed of its own: its sequence only orders what comes into it.
/// Sequences are given out and written under one lock, so that whoever sees change n+1 sees change n. The statistics
/// are written with the same batch, so that they are exact whenever the process ends.
/// **Thread**: any.
class Ledger {
 public:
  enum class Feed { written, none };
  explicit Ledger(Database& database, Feed feed = Feed::written);

  /// Writes `batch` together with its changes to `study`. `claimed` are the SOP Instance UIDs that were free when the
  /// ledger stood at `since`: Error conflict if another study has taken one meanwhile; then nothing is written.
  void commit(rocksdb::WriteBatch& batch, std::string_view study, const std::vector<PendingChange>& changes,
              const StatisticsDelta& delta, const std::vector<std::string_view>& claimed, uint64_t since);
  /// Writes `batch`, which empties the index, and sets the statistics to zero. The sequence goes on.
  void clear(rocksdb::WriteBatch& batch);

  IndexStatistics statistics() const;
  /// Number of the last change.
  uint64_t sequence() const { return sequence_.load(); }

 private:
  void put_days(rocksdb::WriteBatch& batch, const std::map<std::string, int64_t>& days) const;

  Database& database_;
  const Feed feed_;
  mutable std::mutex mutex_;
  IndexStatistics statistics_;
  std::atomic<uint64_t> sequence_{0};
};

}  // namespace fermata::index_rocksdb
