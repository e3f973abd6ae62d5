#include "ledger.hpp"

#include <chrono>

#include "change_cursor.hpp"
#include "encoding.hpp"
#include "fermata/error.hpp"
#include "keys.hpp"

namespace fermata::index_rocksdb {
namespace {

constexpr const char* kTotalsKey = "totals";

int64_t now_us() {
  return std::chrono::duration_cast<std::chrono::microseconds>(std::chrono::system_clock::now().time_since_epoch())
      .count();
}

uint64_t moved(uint64_t total, int64_t by) { return total + static_cast<uint64_t>(by); }

}  // namespace

Ledger::Ledger(Database& database) : database_(database) {
  std::string value;
  if (!database_.get(Family::meta, kTotalsKey, value)) return;
  try {
    Decoder in(value);
    sequence_ = in.varint();
    totals_.studies = in.varint();
    totals_.series = in.varint();
    totals_.instances = in.varint();
    totals_.bytes = in.varint();
  } catch (const Decoder::Malformed&) {
    throw Error(Code::corrupt, "the index's totals are damaged: run `fermata reindex`");
  }
}

void Ledger::put_totals(rocksdb::WriteBatch& batch, const IndexStatistics& totals, uint64_t sequence) const {
  batch.Put(database_[Family::meta], kTotalsKey,
            Encoder()
                .varint(sequence)
                .varint(totals.studies)
                .varint(totals.series)
                .varint(totals.instances)
                .varint(totals.bytes)
                .take());
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

  for (const auto& change : changes)
    batch.Put(database_[Family::changes], big_endian(++sequence, 8),
              encode_change(change.kind, time, study, change.series, change.instance));
  IndexStatistics totals = totals_;
  totals.studies = moved(totals.studies, delta.studies);
  totals.series = moved(totals.series, delta.series);
  totals.instances = moved(totals.instances, delta.instances);
  totals.bytes = moved(totals.bytes, delta.bytes);
  put_totals(batch, totals, sequence);
  database_.write(batch, false);
  totals_ = totals;
  sequence_ = sequence;
}

void Ledger::clear(rocksdb::WriteBatch& batch) {
  const std::lock_guard lock(mutex_);
  put_totals(batch, {}, sequence_.load());
  database_.write(batch, true);
  totals_ = {};
}

IndexStatistics Ledger::statistics() const {
  const std::lock_guard lock(mutex_);
  return totals_;
}

}  // namespace fermata::index_rocksdb
