#include "current_index.hpp"

#include <utility>

namespace fermata::index_rocksdb {
namespace {

class GatedTransaction final : public IndexTransaction {
 public:
  GatedTransaction(Gate& gate, std::unique_ptr<IndexTransaction> transaction)
      : gate_(gate), transaction_(std::move(transaction)) {}
  ~GatedTransaction() override {
    transaction_.reset();
    gate_.leave();
  }
  GatedTransaction(const GatedTransaction&) = delete;
  GatedTransaction& operator=(const GatedTransaction&) = delete;
  void upsert(const InstanceRecord& record) override { transaction_->upsert(record); }
  bool remove(std::string_view sop_instance_uid) override { return transaction_->remove(sop_instance_uid); }
  void commit() override { transaction_->commit(); }

 private:
  Gate& gate_;
  std::unique_ptr<IndexTransaction> transaction_;
};

/// A cursor that keeps what it walks on.
template <class Cursor, class Item>
class KeepingCursor final : public Cursor {
 public:
  KeepingCursor(CurrentIndex::Generation generation, std::unique_ptr<Cursor> cursor)
      : generation_(std::move(generation)), cursor_(std::move(cursor)) {}
  bool next(Item& item) override { return cursor_->next(item); }

 private:
  const CurrentIndex::Generation generation_;  // ends after the cursor
  const std::unique_ptr<Cursor> cursor_;
};

}  // namespace

IndexGeneration::~IndexGeneration() {
  if (!retired_) return;
  try {
    database_.generations().remove(database_.generation());
  } catch (const std::exception& error) {
    journal_.log(LogLevel::warning, std::string("the old index is removed at the next start only: ") + error.what(),
                 {});
  }
}

CurrentIndex::Generation CurrentIndex::current() const {
  const std::shared_lock lock(mutex_);
  return current_;
}

CurrentIndex::Generation CurrentIndex::exchange(Generation next) noexcept {
  const std::unique_lock lock(mutex_);
  std::swap(current_, next);
  next->retire();
  return next;
}

std::unique_ptr<IndexTransaction> CurrentIndex::begin(std::string_view study_instance_uid) {
  transactions_.enter();
  try {
    // It is exchanged only while nobody is inside.
    return std::make_unique<GatedTransaction>(transactions_, current_->index().begin(study_instance_uid));
  } catch (...) {
    transactions_.leave();
    throw;
  }
}

std::unique_ptr<MatchCursor> CurrentIndex::find(const Query& query) {
  auto generation = current();
  auto cursor = generation->index().find(query);
  return std::make_unique<KeepingCursor<MatchCursor, std::span<const std::byte>>>(std::move(generation),
                                                                                  std::move(cursor));
}

std::unique_ptr<InstanceCursor> CurrentIndex::instances(const Selection& selection) {
  auto generation = current();
  auto cursor = generation->index().instances(selection);
  return std::make_unique<KeepingCursor<InstanceCursor, InstanceRecord>>(std::move(generation), std::move(cursor));
}

std::unique_ptr<ChangeCursor> CurrentIndex::changes(uint64_t after) {
  auto generation = current();
  auto cursor = generation->index().changes(after);
  return std::make_unique<KeepingCursor<ChangeCursor, Change>>(std::move(generation), std::move(cursor));
}

}  // namespace fermata::index_rocksdb
