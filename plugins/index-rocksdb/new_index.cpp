#include "new_index.hpp"

#include <map>
#include <unordered_set>

#include "encoding.hpp"
#include "keys.hpp"
#include "reader.hpp"
#include "totals.hpp"

namespace fermata::index_rocksdb {
namespace {

constexpr uint64_t kAtOnce = 1000;                           // changes
constexpr std::size_t kMostHeaders = std::size_t{16} << 20;  // bytes in one transaction

bool is_at(const Place& place, std::string_view study, std::string_view series) {
  return place.study == study && place.series == series;
}

}  // namespace

RocksNewIndex::RocksNewIndex(Database& database, CurrentIndex& current, RenewalRecord record, const Journal& journal,
                             std::shared_ptr<void> turn)
    : turn_(std::move(turn)),
      database_(database),
      current_(current),
      record_(std::move(record)),
      journal_(journal),
      generation_(std::make_shared<IndexGeneration>(database, record_.generation, Ledger::Feed::none, journal)) {}

void RocksNewIndex::put(const InstanceRecord& record) {
  const auto was = Reader(generation_->database()).place(record.sop_instance_uid);
  if (was && !is_at(*was, record.study_instance_uid, record.series_instance_uid)) remove(was->study, {was->instance});
  const auto transaction = generation_->index().begin(record.study_instance_uid);
  transaction->upsert(record);
  transaction->commit();
}

std::unique_ptr<InstanceCursor> RocksNewIndex::instances(const Selection& selection) {
  return generation_->index().instances(selection);
}

void RocksNewIndex::save(std::string_view position) {
  record_.position = position;
  rocksdb::WriteBatch batch;
  batch.Put(kRenewalKey, Encoder().varint(record_.generation).varint(record_.sequence).string(record_.position).take());
  database_.write(batch, true);
}

uint64_t RocksNewIndex::changed(uint64_t most, Instances& instances, uint64_t& last) const {
  std::unordered_set<std::string> seen;
  uint64_t count = 0;
  const auto changes = current_.changes(last);
  for (Change change; count < most && changes->next(change); ++count) {
    if (change.sequence != last + 1)
      throw Error(Code::conflict,
                  "the index in use has forgotten what has changed since the new one was begun: begin "
                  "another one");
    last = change.sequence;
    if (seen.emplace(change.sop_instance_uid).second) instances.emplace_back(change.sop_instance_uid);
  }
  return count;
}

/// What leaves a study or series leaves it before anything comes: an instance is in one place only.
uint64_t RocksNewIndex::catch_up(uint64_t most) {
  Instances instances;
  auto last = record_.sequence;
  const auto count = changed(most, instances, last);
  if (count == 0) return 0;
  const auto used = current_.current();
  std::map<std::string, Instances> leaving;
  std::map<std::string, std::vector<Place>> coming;
  {
    const Reader here(generation_->database());
    const Reader there(used->database());
    for (const auto& instance : instances) {
      const auto was = here.place(instance);
      const auto is = there.place(instance);
      if (was && !(is && is_at(*was, is->study, is->series))) leaving[was->study].push_back(instance);
      if (is) coming[is->study].push_back(*is);
    }
  }
  for (const auto& [study, list] : leaving) remove(study, list);
  for (const auto& [study, list] : coming) copy(list);
  record_.sequence = last;
  return count;
}

void RocksNewIndex::remove(const std::string& study, const Instances& instances) {
  const auto transaction = generation_->index().begin(study);
  for (const auto& instance : instances) transaction->remove(instance);
  transaction->commit();
}

/// Instances of one study. One that is elsewhere by now has changed again, and that is still to come.
void RocksNewIndex::copy(const std::vector<Place>& places) {
  for (auto place = places.begin(); place != places.end();) {
    const auto transaction = generation_->index().begin(place->study);
    for (std::size_t size = 0; place != places.end() && size < kMostHeaders; ++place) {
      const std::string_view uid = place->instance;
      Selection one;
      one.sop_instance_uids = {&uid, 1};
      one.with_headers = true;
      const auto cursor = current_.instances(one);
      InstanceRecord record;
      if (!cursor->next(record) || !is_at(*place, record.study_instance_uid, record.series_instance_uid)) continue;
      size += record.header.size();
      transaction->upsert(record);
    }
    transaction->commit();
  }
}

void RocksNewIndex::take_over() {
  CurrentIndex::Generation old;
  {
    const ClosedGate closed(current_.transactions());
    while (catch_up(kAtOnce) != 0) {
    }
    auto next = in_the_feed();
    auto batch = switch_over();
    database_.write(batch, true);
    old = current_.exchange(std::move(next));
  }
}

/// The new generation as it is when it is in use: its changes follow those of the old one.
CurrentIndex::Generation RocksNewIndex::in_the_feed() {
  auto& database = generation_->database();
  rocksdb::WriteBatch batch;
  batch.Put(database[Family::meta], kTotalsKey, encode_totals({current_.current()->index().sequence(), statistics()}));
  database_.write(batch, false);
  return std::make_shared<IndexGeneration>(database_, record_.generation, Ledger::Feed::written, journal_);
}

/// Before this is written, the old index is in use; after it, the new one is.
rocksdb::WriteBatch RocksNewIndex::switch_over() const {
  rocksdb::WriteBatch batch;
  batch.Put(kFormatKey, Encoder().varint(Database::kFormat).take());
  batch.Put(kGenerationKey, Encoder().varint(record_.generation).take());
  batch.Delete(kRenewalKey);
  return batch;
}

}  // namespace fermata::index_rocksdb
