#pragma once
#include <memory>
#include <shared_mutex>

#include "fermata/journal.hpp"
#include "gate.hpp"
#include "rocks_index.hpp"

namespace fermata::index_rocksdb {

/// One generation of the index. Once another has taken its place, what it holds goes with it.
class IndexGeneration {
 public:
  IndexGeneration(const Database& database, uint64_t generation, Ledger::Feed feed, Journal journal)
      : database_(database, generation), index_(database_, feed), journal_(std::move(journal)) {}
  ~IndexGeneration();
  IndexGeneration(const IndexGeneration&) = delete;
  IndexGeneration& operator=(const IndexGeneration&) = delete;

  Database& database() { return database_; }
  RocksIndex& index() { return index_; }
  /// To be called before the last user lets go.
  void retire() { retired_ = true; }

 private:
  Database database_;
  RocksIndex index_;
  const Journal journal_;
  std::atomic<bool> retired_{false};
};

/// The index that is in use, which can be exchanged for another generation of it at any time: cursors end on the one on
/// which they began, and transactions are let end before.
///
/// **Thread**: any. **Ownership**: must outlive what it hands out.
class CurrentIndex final : public Index {
 public:
  using Generation = std::shared_ptr<IndexGeneration>;

  CurrentIndex(const Database& database, const Journal& journal)
      : current_(std::make_shared<IndexGeneration>(database, database.generation(), Ledger::Feed::written, journal)) {}
  std::unique_ptr<IndexTransaction> begin(std::string_view study_instance_uid) override;
  std::unique_ptr<MatchCursor> find(const Query& query) override;
  std::unique_ptr<InstanceCursor> instances(const Selection& selection) override;
  std::unique_ptr<ChangeCursor> changes(uint64_t after) override;
  IndexStatistics statistics() override { return current()->index().statistics(); }
  void sync() override { current()->index().sync(); }
  void clear() override { current()->index().clear(); }

  Generation current() const;
  /// No transaction is open while this is closed.
  Gate& transactions() { return transactions_; }
  /// With the gate closed. Returns the old one: what it holds goes when nobody uses it any more.
  Generation exchange(Generation next) noexcept;

 private:
  Gate transactions_;
  mutable std::shared_mutex mutex_;
  Generation current_;
};

}  // namespace fermata::index_rocksdb
