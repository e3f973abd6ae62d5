#include "ledger.hpp"

#include <algorithm>
#include <utility>

#include "change_cursor.hpp"
#include "encoding.hpp"
#include "fermata/error.hpp"
#include "fermata/timestamp.hpp"
#include "keys.hpp"

namespace fermata::index_rocksdb {
namespace {

uint64_t moved(uint64_t total, int64_t by) { return total + static_cast<uint64_t>(by); }

/// Puts what a transaction's batch holds behind what is in another one.
class Appending : public rocksdb::WriteBatch::Handler {
 public:
  static rocksdb::Status append(const rocksdb::WriteBatch& from, rocksdb::WriteBatch& to, const Database& database) {
    Appending handler(to, database);
    return from.Iterate(&handler);
  }
  rocksdb::Status PutCF(uint32_t family, const rocksdb::Slice& key, const rocksdb::Slice& value) override {
    return to_.Put(handle(family), key, value);
  }
  rocksdb::Status DeleteCF(uint32_t family, const rocksdb::Slice& key) override {
    return to_.Delete(handle(family), key);
  }

 private:
  Appending(rocksdb::WriteBatch& to, const Database& database) : to_(to), database_(database) {}
  rocksdb::ColumnFamilyHandle* handle(uint32_t id) const {
    for (std::size_t i = 0; i < kFamilies; ++i)
      if (auto* handle = database_[static_cast<Family>(i)]; handle->GetID() == id) return handle;
    throw Error(Code::internal, "a transaction wrote into a family of another index");
  }

  rocksdb::WriteBatch& to_;
  const Database& database_;
};

}  // namespace

Ledger::Ledger(Database& database, Feed feed) : database_(database), feed_(feed) {
  std::string value;
  if (!database_.get(Family::meta, kTotalsKey, value)) return;
  const auto totals = decode_totals(value);
  sequence_ = totals.sequence;
  statistics_ = totals.statistics;
}

void Ledger::commit(const Commit& commit) {
  auto following = std::make_shared<Group>();  // before anybody waits for this one
  std::unique_lock lock(mutex_);
  const auto group = next_;
  const auto place = group->members.size();
  group->members.push_back({&commit, now_us(), {}});
  auto& woken = place == 0 ? group->turn : group->over;
  while (!group->done) {
    // Whoever comes while nobody writes does not wait until another one has woken up.
    if (!writing_ && clearing_ == 0 && next_ == group)
      lead(lock, std::move(following));
    else
      woken.wait(lock);
  }
  if (const auto& error = group->members[place].error) throw Error(error->code(), error->what());
}

void Ledger::lead(std::unique_lock<std::mutex>& lock, std::shared_ptr<Group> following) {
  const auto group = std::exchange(next_, std::move(following));
  writing_ = true;
  lock.unlock();
  const auto totals = write(*group);
  lock.lock();
  writing_ = false;
  statistics_ = totals.statistics;
  sequence_ = totals.sequence;
  group->done = true;
  const auto next = next_;
  const bool clearing = clearing_ > 0;
  lock.unlock();
  if (clearing) written_.notify_all();
  next->turn.notify_one();
  group->turn.notify_one();
  group->over.notify_all();
  lock.lock();
}

/// What the ledger says afterwards. Every member learns of an error, and then it says what it did before.
Totals Ledger::write(Group& group) {
  std::optional<Error> failed;
  std::vector<Group::Member*> accepted;
  try {
    accepted = accept(group);
    if (!accepted.empty()) return write_accepted(accepted);
  } catch (const Error& error) {
    failed = error;
  } catch (const std::exception& error) {
    failed = Error(Code::internal, error.what());
  }
  if (failed)
    for (auto& member : group.members)
      if (!member.error) member.error = failed;
  return {sequence_.load(), statistics_};
}

/// Those whose UIDs are still free.
std::vector<Ledger::Group::Member*> Ledger::accept(Group& group) const {
  std::vector<Group::Member*> accepted;
  std::vector<std::string_view> taken;  // by those before, in this group
  for (auto& member : group.members) {
    const auto& commit = *member.commit;
    for (const auto instance : commit.claimed)
      if (std::find(taken.begin(), taken.end(), instance) != taken.end() ||
          (sequence_.load() != commit.since && database_.has(Family::uids, instance_uid_key(instance))))
        member.error =
            Error(Code::conflict, "instance " + std::string(instance) + " was stored under another study meanwhile");
    if (member.error) continue;
    if (group.members.size() > 1) taken.insert(taken.end(), commit.claimed.begin(), commit.claimed.end());
    accepted.push_back(&member);
  }
  return accepted;
}

Totals Ledger::write_accepted(const std::vector<Group::Member*>& accepted) {
  auto& batch = accepted.front()->commit->batch;
  Totals totals{sequence_.load(), statistics_};
  auto& sums = totals.statistics;
  std::map<std::string, int64_t> days;
  for (const auto* member : accepted) {
    const auto& commit = *member->commit;
    if (&commit.batch != &batch) check(Appending::append(commit.batch, batch, database_), "writing");
    for (const auto& change : commit.changes) {
      ++totals.sequence;
      if (feed_ == Feed::written)
        batch.Put(database_[Family::changes], big_endian(totals.sequence, 8),
                  encode_change(change.kind, member->time, commit.study, change.series, change.instance));
    }
    sums.studies = moved(sums.studies, commit.delta.studies);
    sums.series = moved(sums.series, commit.delta.series);
    sums.instances = moved(sums.instances, commit.delta.instances);
    sums.bytes = moved(sums.bytes, commit.delta.bytes);
    for (const auto& [day, by] : commit.delta.days) days[day] += by;
  }
  batch.Put(database_[Family::meta], kTotalsKey, encode_totals(totals));
  put_days(batch, days);
  database_.write(batch, false);
  return totals;
}

void Ledger::put_days(rocksdb::WriteBatch& batch, const std::map<std::string, int64_t>& days) const {
  for (const auto& [key, by] : days) {
    if (by == 0) continue;
    std::string value;
    const uint64_t studies =
        database_.get(Family::meta, key, value) ? decode_meta(key, value, [](Decoder& in) { return in.varint(); }) : 0;
    if (moved(studies, by) == 0)
      batch.Delete(database_[Family::meta], key);
    else
      batch.Put(database_[Family::meta], key, Encoder().varint(moved(studies, by)).take());
  }
}

void Ledger::clear(rocksdb::WriteBatch& batch) {
  std::unique_lock lock(mutex_);
  ++clearing_;
  written_.wait(lock, [this] { return !writing_; });
  const auto ended = [&] {
    --clearing_;
    next_->turn.notify_one();
  };
  try {
    batch.Put(database_[Family::meta], kTotalsKey, encode_totals({sequence_.load(), {}}));
    batch.DeleteRange(database_[Family::meta], std::string(kDayPrefix), behind_prefix(std::string(kDayPrefix)));
    database_.write(batch, true);
  } catch (...) {
    ended();
    throw;
  }
  statistics_ = {};
  ended();
}

IndexStatistics Ledger::statistics() const {
  const std::lock_guard lock(mutex_);
  return statistics_;
}

}  // namespace fermata::index_rocksdb
