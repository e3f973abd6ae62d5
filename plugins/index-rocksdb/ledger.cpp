#include "ledger.hpp"

#include "change_cursor.hpp"
#include "encoding.hpp"
#include "fermata/error.hpp"
#include "fermata/timestamp.hpp"
#include "keys.hpp"
#include "totals.hpp"

namespace fermata::index_rocksdb {
namespace {

uint64_t moved(uint64_t total, int64_t by) { return total + static_cast<uint64_t>(by); }

}  // namespace

Ledger::Ledger(Database& database, Feed feed) : database_(database), feed_(feed) {
  std::string value;
  if (!database_.get(Family::meta, kTotalsKey, value)) return;
  const auto totals = decode_totals(value);
  sequence_ = totals.sequence;
  statistics_ = totals.statistics;
}

void Ledger::commit(rocksdb::WriteBatch& batch, std::string_view study, const std::vector<PendingChange>& changes,
                    const StatisticsDelta& delta, const std::vector<std::string_view>& claimed, uint64_t since) {
  const int64_t time = now_us();
  const std::lock_guard lock(mutex_);
  uint64_t sequence = sequence_.load();
  if (sequence != since)
    for (const auto instance : claimed)
      if (database_.has(Family::uids, instance_uid_key(instance)))
        throw Error(Code::conflict, "instance " + std::string(instance) + " was stored under another study meanwhile");

  for (const auto& change : changes) {
    ++sequence;
    if (feed_ == Feed::written)
      batch.Put(database_[Family::changes], big_endian(sequence, 8),
                encode_change(change.kind, time, study, change.series, change.instance));
  }
  Totals totals{sequence, statistics_};
  totals.statistics.studies = moved(statistics_.studies, delta.studies);
  totals.statistics.series = moved(statistics_.series, delta.series);
  totals.statistics.instances = moved(statistics_.instances, delta.instances);
  totals.statistics.bytes = moved(statistics_.bytes, delta.bytes);
  batch.Put(database_[Family::meta], kTotalsKey, encode_totals(totals));
  put_days(batch, delta.days);
  database_.write(batch, false);
  statistics_ = totals.statistics;
  sequence_ = sequence;
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
  const std::lock_guard lock(mutex_);
  batch.Put(database_[Family::meta], kTotalsKey, encode_totals({sequence_.load(), {}}));
  batch.DeleteRange(database_[Family::meta], std::string(kDayPrefix), behind_prefix(std::string(kDayPrefix)));
  database_.write(batch, true);
  statistics_ = {};
}

IndexStatistics Ledger::statistics() const {
  const std::lock_guard lock(mutex_);
  return statistics_;
}

}  // namespace fermata::index_rocksdb
