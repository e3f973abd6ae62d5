#include "change_cursor.hpp"

#include "encoding.hpp"
#include "fermata/error.hpp"
#include "keys.hpp"

namespace fermata::index_rocksdb {

std::string encode_change(Change::Kind kind, int64_t time_us, std::string_view study, std::string_view series,
                          std::string_view instance) {
  return Encoder()
      .varint(static_cast<uint64_t>(kind))
      .varint(static_cast<uint64_t>(time_us))
      .string(study)
      .string(series)
      .string(instance)
      .take();
}

RocksChangeCursor::RocksChangeCursor(Database& database, uint64_t after)
    : at_(database.iterate(Family::changes, nullptr, nullptr)) {
  if (after == UINT64_MAX) return;
  at_->Seek(big_endian(after + 1, 8));
}

bool RocksChangeCursor::next(Change& change) {
  if (!stands_on_next_ && at_->Valid()) at_->Next();
  stands_on_next_ = false;
  check(at_->status(), "reading changes");
  if (!at_->Valid()) return false;
  change.sequence = from_big_endian(view(at_->key()));
  try {
    Decoder in(view(at_->value()));
    change.kind = static_cast<Change::Kind>(in.varint());
    change.time_us = static_cast<int64_t>(in.varint());
    change.study_instance_uid = in.string();
    change.series_instance_uid = in.string();
    change.sop_instance_uid = in.string();
  } catch (const Decoder::Malformed&) {
    throw Error(Code::corrupt,
                "change " + std::to_string(change.sequence) + " in the index is damaged: run `fermata reindex`");
  }
  return true;
}

}  // namespace fermata::index_rocksdb
