#include "stored_object.hpp"

#include <algorithm>

#include "blob_keys.hpp"
#include "data-set/canonical_header.hpp"
#include "data-set/data_set_scanner.hpp"
#include "fermata/checksum.hpp"
#include "fermata/dicom/data_set_view.hpp"
#include "file_meta.hpp"
#include "refusal.hpp"

namespace fermata::archive {
namespace {

constexpr std::size_t kLongestUid = 64;
constexpr std::size_t kReadSize = 1 << 20;

std::string uid(dicom::DataSetView header, dicom::Tag tag, const char* name) {
  auto text = header.text(tag);
  while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
  const bool valid = !text.empty() && text.size() <= kLongestUid &&
                     std::all_of(text.begin(), text.end(), [](char c) { return (c >= '0' && c <= '9') || c == '.'; });
  if (!valid)
    throw Refused(StoreOutcome::Refusal::missing_attribute,
                  std::string(name) + (text.empty() ? " is missing" : " is no UID"));
  return std::string(text);
}

}  // namespace

Identity Identity::of(std::span<const std::byte> header) {
  const dicom::DataSetView view(header);
  return {uid(view, dicom::kStudyInstanceUid, "Study Instance UID"),
          uid(view, dicom::kSeriesInstanceUid, "Series Instance UID"),
          uid(view, dicom::kSopInstanceUid, "SOP Instance UID"), uid(view, dicom::kSopClassUid, "SOP Class UID")};
}

StoredObject StoredObject::from(const InstanceRecord& r) {
  return {{std::string(r.study_instance_uid), std::string(r.series_instance_uid), std::string(r.sop_instance_uid),
           std::string(r.sop_class_uid)},
          std::string(r.transfer_syntax_uid),
          {r.header.begin(), r.header.end()},
          std::string(r.blob_key),
          r.blob_length,
          r.data_set_offset,
          r.checksum,
          r.received_us,
          std::string(r.source_ae_title),
          {r.bulk.begin(), r.bulk.end()}};
}

InstanceRecord StoredObject::record() const {
  InstanceRecord r;
  r.study_instance_uid = identity.study;
  r.series_instance_uid = identity.series;
  r.sop_instance_uid = identity.sop_instance;
  r.sop_class_uid = identity.sop_class;
  r.transfer_syntax_uid = transfer_syntax_uid;
  r.header = header;
  r.blob_key = blob_key;
  r.blob_length = blob_length;
  r.data_set_offset = data_set_offset;
  r.checksum = checksum;
  r.received_us = received_us;
  r.source_ae_title = source_ae_title;
  r.bulk = bulk;
  return r;
}

std::optional<StoredObject> find_instance(Index& index, std::string_view sop_instance_uid) {
  Selection selection;
  selection.sop_instance_uids = std::span(&sop_instance_uid, 1);
  const auto cursor = index.instances(selection);
  InstanceRecord record;
  if (!cursor->next(record)) return {};
  return StoredObject::from(record);
}

StoredObject inspect_blob(BlobStore& blobs, std::string_view key, const ScanLimits& limits) {
  const auto blob = blobs.open(key);
  auto read = read_file_meta(*blob);
  DataSetScanner scanner(read.meta.transfer_syntax_uid, limits);
  StreamingChecksum checksum;
  std::vector<std::byte> buffer(static_cast<std::size_t>(std::min<uint64_t>(kReadSize, blob->length())));
  uint64_t at = read.data_set_offset;
  for (uint64_t n = 0; (n = blob->read_at(at, buffer)) != 0; at += n) {
    const auto bytes = std::span(buffer).first(static_cast<std::size_t>(n));
    checksum.add(bytes);
    scanner.feed(bytes);
  }
  scanner.finish();

  StoredObject object;
  object.header = canonical_header(scanner.captured(), scanner.encoding().elements, limits.header).bytes;
  object.identity = Identity::of(object.header);
  object.transfer_syntax_uid = std::move(read.meta.transfer_syntax_uid);
  object.blob_key = key;
  object.blob_length = blob->length();
  object.data_set_offset = read.data_set_offset;
  object.checksum = checksum.value();
  object.received_us = read.meta.received_us != 0 ? read.meta.received_us : BlobKeys::time_us(key);
  object.source_ae_title = std::move(read.meta.source_ae_title);
  object.bulk = scanner.bulk();
  return object;
}

bool exists(BlobStore& blobs, std::string_view key) {
  try {
    blobs.open(key);
    return true;
  } catch (const Error& error) {
    if (error.code() == Code::not_found) return false;
    throw;
  }
}

void remove_if_there(BlobStore& blobs, std::string_view key) {
  try {
    blobs.remove(key);
  } catch (const Error& error) {
    if (error.code() != Code::not_found) throw;
  }
}

}  // namespace fermata::archive
