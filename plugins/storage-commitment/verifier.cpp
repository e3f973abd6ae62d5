#include "verifier.hpp"

#include <algorithm>
#include <string>

#include "fermata/checksum.hpp"
#include "fermata/error.hpp"

namespace fermata::storage_commitment {
namespace {

constexpr std::size_t kBuffer = 1 << 20;

}  // namespace

Verifier::Verifier(Archive& archive, const Journal& journal, uint64_t maximum_rate, Pause pause)
    : archive_(archive), journal_(journal), maximum_rate_(maximum_rate), pause_(std::move(pause)), buffer_(kBuffer) {}

uint16_t Verifier::verify(const Reference& reference) {
  try {
    const std::string_view uids[] = {reference.sop_instance_uid};
    Selection selection;
    selection.sop_instance_uids = uids;
    const auto instances = archive_.instances(selection);
    InstanceRecord record;
    if (!instances->next(record)) return reason::kNoSuchInstance;
    if (record.sop_class_uid != reference.sop_class_uid) return reason::kClassInstanceConflict;
    return check(record);
  } catch (const Error& error) {
    journal_.log(LogLevel::error,
                 std::string("an object could not be verified, so it is not committed: ") + error.what(),
                 {{"sop_instance_uid", reference.sop_instance_uid}});
    return error.code() == Code::not_found ? reason::kNoSuchInstance : reason::kProcessingFailure;
  }
}

uint16_t Verifier::check(const InstanceRecord& record) {
  const auto object = archive_.open(record);
  switch (read(record, *object)) {
    case Bytes::sound:
      return reason::kCommitted;
    case Bytes::interrupted:
      return reason::kUnchecked;
    case Bytes::damaged:
      break;
  }
  journal_.count("damaged_total", 1);
  journal_.log(
      LogLevel::error,
      "a stored object is damaged: its bytes are not those that were received. Restore its file from a backup, "
      "or have it sent again",
      {{"sop_instance_uid", std::string(record.sop_instance_uid)}, {"blob", std::string(record.blob_key)}});
  return reason::kProcessingFailure;
}

Verifier::Bytes Verifier::read(const InstanceRecord& record, ObjectReader& object) {
  const uint64_t length = object.length();
  if (length != record.blob_length - record.data_set_offset) return Bytes::damaged;
  StreamingChecksum checksum;
  for (uint64_t offset = 0; offset < length;) {
    const auto want = static_cast<std::size_t>(std::min<uint64_t>(buffer_.size(), length - offset));
    const auto got = static_cast<std::size_t>(object.read_at(offset, std::span(buffer_).first(want)));
    if (got == 0) return Bytes::damaged;
    checksum.add(std::span<const std::byte>(buffer_).first(got));
    offset += got;
    if (!keep_rate(got)) return Bytes::interrupted;
  }
  return checksum.value() == record.checksum ? Bytes::sound : Bytes::damaged;
}

/// As if the bytes had taken as long as the rate says: what the disk took counts on top, and errs on the gentle side.
bool Verifier::keep_rate(std::size_t bytes) {
  const auto seconds = maximum_rate_ == 0 ? 0.0 : static_cast<double>(bytes) / static_cast<double>(maximum_rate_);
  return pause_(std::chrono::nanoseconds(static_cast<int64_t>(seconds * 1e9)));
}

}  // namespace fermata::storage_commitment
