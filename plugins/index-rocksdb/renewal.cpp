#include "renewal.hpp"

#include "encoding.hpp"
#include "new_index.hpp"
#include "totals.hpp"

namespace fermata::index_rocksdb {

Renewal::Renewal(Database& database, CurrentIndex& current, Journal journal)
    : database_(database), current_(current), journal_(std::move(journal)) {
  remove_leftovers();
}

std::optional<RenewalRecord> Renewal::interrupted() const {
  std::string value;
  if (!database_.get_common(kRenewalKey, value)) return {};
  auto record = decode_meta(kRenewalKey, value, [](Decoder& in) {
    RenewalRecord r;
    r.generation = in.varint();
    r.sequence = in.varint();
    r.position = in.string();
    return r;
  });
  if (!database_.generations().has(record.generation)) return {};
  return record;
}

void Renewal::remove_leftovers() {
  const auto record = interrupted();
  for (const auto generation : database_.generations().all()) {
    if (generation == database_.generation() || (record && generation == record->generation)) continue;
    database_.generations().remove(generation);
    journal_.log(LogLevel::info, "removed what an index that is not in use any more, or never was, has left", {});
  }
}

bool Renewal::remove_interrupted() {
  const auto record = interrupted();
  if (!record) return false;
  rocksdb::WriteBatch batch;
  batch.Delete(kRenewalKey);
  database_.write(batch, true);
  database_.generations().remove(record->generation);
  return true;
}

/// Held for as long as one new index is worked on.
std::shared_ptr<void> Renewal::turn() {
  if (in_use_.exchange(true)) throw Error(Code::conflict, "the index is being made anew already");
  return {nullptr, [this](void*) { in_use_ = false; }};
}

bool Renewal::abandon() {
  const auto mine = turn();
  return remove_interrupted();
}

std::unique_ptr<NewIndex> Renewal::begin() {
  auto mine = turn();
  remove_interrupted();
  const auto all = database_.generations().all();
  RenewalRecord record;
  record.generation = std::max(current_.current()->database().generation(), all.empty() ? 0 : *all.rbegin()) + 1;
  record.sequence = current_.current()->index().sequence();
  database_.generations().make(record.generation);
  auto index = std::make_unique<RocksNewIndex>(database_, current_, record, journal_, std::move(mine));
  index->save({});
  return index;
}

std::unique_ptr<NewIndex> Renewal::resume() {
  auto mine = turn();
  auto record = interrupted();
  if (!record) throw Error(Code::not_found, "no index was being made anew when the archive ended");
  return std::make_unique<RocksNewIndex>(database_, current_, std::move(*record), journal_, std::move(mine));
}

}  // namespace fermata::index_rocksdb
