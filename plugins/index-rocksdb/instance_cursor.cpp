#include "instance_cursor.hpp"

#include <algorithm>
#include <optional>

#include "encoding.hpp"
#include "fermata/error.hpp"
#include "secondary_keys.hpp"

namespace fermata::index_rocksdb {
namespace {

using Names = std::span<const std::string_view>;

bool allowed(Names list, std::string_view name) {
  return list.empty() || std::find(list.begin(), list.end(), name) != list.end();
}

/// The beginning of the keys in `patients` of everybody who has this ID.
std::string patients_with(std::string_view id) { return key_value(dicom::normalise(dicom::Vr("LO"), id)) + kNul; }

/// The studies of these patients, ascending.
std::vector<std::string> studies_of(const Reader& reader, Names ids) {
  std::vector<std::string> studies;
  const auto at = reader.iterate(Family::patients);
  for (const auto id : ids) {
    const std::string prefix = patients_with(id);
    for (at->Seek(prefix); at->Valid() && view(at->key()).starts_with(prefix); at->Next())
      studies.emplace_back(study_of(view(at->key())));
    check(at->status(), "looking up patients");
  }
  std::sort(studies.begin(), studies.end());
  studies.erase(std::unique(studies.begin(), studies.end()), studies.end());
  return studies;
}

/// Whether it is a study of one of the patients; always so where none are given.
bool is_of(const Reader& reader, Names ids, std::string_view study) {
  if (ids.empty()) return true;
  EntityRecord record;
  if (!reader.study(study, record)) return false;
  const std::string patient = patient_key_prefix(record.data_set());
  return std::any_of(ids.begin(), ids.end(), [&](auto id) { return patient.starts_with(patients_with(id)); });
}

/// The prefixes, or whole keys, under which the selected instances stand; nothing: everything is selected.
std::optional<std::vector<std::string>> selected(const Reader& reader, const Selection& s) {
  const auto of_patient = [&](std::string_view study) { return is_of(reader, s.patient_ids, study); };
  std::vector<std::string> keys;
  if (!s.sop_instance_uids.empty()) {
    for (const auto uid : s.sop_instance_uids)
      if (const auto place = reader.place(uid); place && allowed(s.series_instance_uids, place->series) &&
                                                allowed(s.study_instance_uids, place->study) &&
                                                of_patient(place->study))
        keys.push_back(place->key());
  } else if (!s.series_instance_uids.empty()) {
    for (const auto uid : s.series_instance_uids)
      for (const auto& study : reader.studies_of_series(uid))
        if (allowed(s.study_instance_uids, study) && of_patient(study)) keys.push_back(series_counts_key(study, uid));
  } else if (!s.study_instance_uids.empty()) {
    for (const auto uid : s.study_instance_uids)
      if (!uid.empty() && of_patient(uid)) keys.push_back(study_counts_key(uid));
  } else if (!s.patient_ids.empty()) {
    for (const auto& study : studies_of(reader, s.patient_ids)) keys.push_back(study_counts_key(study));
  } else {
    return {};
  }
  std::sort(keys.begin(), keys.end());
  keys.erase(std::unique(keys.begin(), keys.end()), keys.end());
  return keys;
}

}  // namespace

RocksInstanceCursor::RocksInstanceCursor(Database& database, const Selection& selection)
    : reader_(database), with_headers_(selection.with_headers) {
  auto keys = selected(reader_, selection);
  if (!keys)
    parts_.push_back({});
  else
    for (auto& key : *keys) parts_.push_back({std::move(key), !selection.sop_instance_uids.empty()});
}

bool RocksInstanceCursor::next(InstanceRecord& record) {
  if (!advance()) return false;
  decoded_.read(key_, value_);
  record = decoded_.record();
  if (with_headers_) record.header = header();
  return true;
}

bool RocksInstanceCursor::advance() {
  for (; part_ < parts_.size(); ++part_, positioned_ = false)
    if (parts_[part_].whole_key ? look_up() : walk()) return true;
  return false;
}

/// One instance, which needs no iterator: to make one costs more than to read.
bool RocksInstanceCursor::look_up() {
  if (positioned_) return false;
  positioned_ = true;
  if (!reader_.get(Family::records, parts_[part_].prefix, found_)) return false;
  key_ = parts_[part_].prefix;
  value_ = found_;
  return true;
}

bool RocksInstanceCursor::walk() {
  if (!at_) at_ = reader_.iterate(Family::records);
  if (positioned_)
    at_->Next();
  else
    at_->Seek(parts_[part_].prefix);
  positioned_ = true;
  for (; at_->Valid() && view(at_->key()).starts_with(parts_[part_].prefix); at_->Next()) {
    if (parse_record_key(view(at_->key())).kind != RecordKey::Kind::instance) continue;
    key_ = view(at_->key());
    value_ = view(at_->value());
    return true;
  }
  check(at_->status(), "reading instances");
  return false;
}

std::span<const std::byte> RocksInstanceCursor::header() {
  if (parts_[part_].whole_key) {
    found_header_.Reset();
    if (!reader_.get(Family::headers, key_, found_header_)) lacks_header();
    return bytes(view(found_header_));
  }
  if (!headers_) headers_ = reader_.iterate(Family::headers);
  if (headers_->Valid() && view(headers_->key()) < key_) headers_->Next();
  if (!headers_->Valid() || view(headers_->key()) != key_) headers_->Seek(slice(key_));
  check(headers_->status(), "reading headers");
  if (!headers_->Valid() || view(headers_->key()) != key_) lacks_header();
  return bytes(view(headers_->value()));
}

void RocksInstanceCursor::lacks_header() const {
  throw Error(Code::corrupt, "the index lacks the header of instance " + std::string(parse_record_key(key_).instance) +
                                 ": run `fermata reindex`");
}

}  // namespace fermata::index_rocksdb
