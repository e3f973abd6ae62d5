#include "rocks_index.hpp"

#include "change_cursor.hpp"
#include "instance_cursor.hpp"
#include "keys.hpp"
#include "match_cursor.hpp"
#include "transaction.hpp"

namespace fermata::index_rocksdb {
namespace {

constexpr Family kCleared[] = {Family::records, Family::uids,    Family::patients,
                               Family::keys,    Family::headers, Family::changes};
/// Behind every key: none has so many bytes of this value at its beginning.
const std::string& last_key() {
  static const std::string key(kMaximumValue + kMaximumUid, '\xff');
  return key;
}

}  // namespace

std::unique_ptr<IndexTransaction> RocksIndex::begin(std::string_view study_instance_uid) {
  check_uid(study_instance_uid, "Study Instance UID");
  return std::make_unique<RocksTransaction>(database_, ledger_, locks_, study_instance_uid);
}

std::unique_ptr<MatchCursor> RocksIndex::find(const Query& query) {
  return std::make_unique<RocksMatchCursor>(database_, query);
}

std::unique_ptr<InstanceCursor> RocksIndex::instances(const Selection& selection) {
  return std::make_unique<RocksInstanceCursor>(database_, selection);
}

std::unique_ptr<ChangeCursor> RocksIndex::changes(uint64_t after) {
  return std::make_unique<RocksChangeCursor>(database_, after);
}

void RocksIndex::clear() {
  rocksdb::WriteBatch batch;
  for (const auto family : kCleared) batch.DeleteRange(database_[family], {}, last_key());
  batch.Delete(kRenewalKey);  // the changes since it was begun are not known any more
  locks_.forget();
  ledger_.clear(batch);
  locks_.forget();
  for (const auto family : kCleared) database_.reclaim(family);
}

}  // namespace fermata::index_rocksdb
