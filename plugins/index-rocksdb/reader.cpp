#include "reader.hpp"

#include <algorithm>

#include "fermata/error.hpp"
#include "totals.hpp"

namespace fermata::index_rocksdb {
bool Reader::entity(const std::string& key, const std::string& counts_key, EntityRecord& record) const {
  std::array<std::string, 2> values;
  if (!database_.get(Family::records, {key, counts_key}, values, snapshot_.get())) return false;
  record.attributes = decode_attributes(key, values[0]);
  record.counts = decode_counts(counts_key, values[1]);
  return true;
}

bool Reader::study(std::string_view study, EntityRecord& record) const {
  record.study = study;
  record.series.clear();
  return entity(study_key(study), study_counts_key(study), record);
}

bool Reader::series(std::string_view study, std::string_view series, EntityRecord& record) const {
  record.study = study;
  record.series = series;
  return entity(series_key(study, series), series_counts_key(study, series), record);
}

std::optional<Place> Reader::place(std::string_view instance) const {
  if (instance.empty() || instance.size() > kMaximumUid) return {};
  std::string value;
  if (!get(Family::uids, instance_uid_key(instance), value)) return {};
  return decode_place(instance, value);
}

std::vector<std::string> Reader::studies_of_series(std::string_view series) const {
  std::vector<std::string> studies;
  if (series.empty() || series.size() > kMaximumUid) return studies;
  const std::string prefix = series_uid_prefix(series);
  const auto at = iterate(Family::uids);
  for (at->Seek(prefix); at->Valid() && view(at->key()).starts_with(prefix); at->Next())
    studies.emplace_back(view(at->key()).substr(prefix.size()));
  check(at->status(), "looking up a series");
  return studies;
}

uint64_t Reader::studies() const {
  std::string value;
  return get(Family::meta, kTotalsKey, value) ? decode_totals(value).statistics.studies : 0;
}

SeriesWalk::SeriesWalk(const Reader& reader, const Restriction& restriction, std::string_view study)
    : reader_(reader), study_(study) {
  const auto& places = restriction.instances ? restriction.instances : restriction.series;
  if (!places) return;
  listed_.emplace();
  for (const auto& place : *places)
    if (place.study == study && (listed_->empty() || listed_->back() != place.series)) listed_->push_back(place.series);
}

bool SeriesWalk::next(EntityRecord& series) {
  if (listed_) {
    while (next_listed_ < listed_->size())
      if (reader_.series(study_, (*listed_)[next_listed_++], series)) return true;
    return false;
  }
  if (!at_) {
    at_ = reader_.iterate(Family::records);
    at_->Seek(study_counts_key(study_));
    if (at_->Valid() && view(at_->key()) == study_counts_key(study_)) at_->Next();
  } else {
    at_->Seek(behind_series(study_, series.series));
  }
  check(at_->status(), "reading series");
  if (!at_->Valid()) return false;
  const auto key = parse_record_key(view(at_->key()));
  if (key.kind != RecordKey::Kind::series || key.study != study_) return false;
  series.study = study_;
  series.series = key.series;
  series.attributes = decode_attributes(view(at_->key()), view(at_->value()));
  at_->Next();
  check(at_->status(), "reading series");
  const std::string counts_key = series_counts_key(study_, series.series);
  if (!at_->Valid() || view(at_->key()) != counts_key)
    throw Error(Code::corrupt, "the index lacks the counts of series " + series.series + ": run `fermata reindex`");
  series.counts = decode_counts(counts_key, view(at_->value()));
  return true;
}

InstanceWalk::InstanceWalk(const Reader& reader, const Restriction& restriction, std::string_view study,
                           std::string_view series)
    : reader_(reader), prefix_(series_counts_key(study, series)) {
  if (!restriction.instances) return;
  listed_.emplace();
  for (const auto& place : *restriction.instances)
    if (place.study == study && place.series == series) listed_->push_back(place.key());
}

bool InstanceWalk::next() {
  if (listed_) {
    while (next_listed_ < listed_->size()) {
      key_ = (*listed_)[next_listed_++];
      if (reader_.get(Family::records, key_, value_)) return true;
    }
    return false;
  }
  if (!at_) {
    at_ = reader_.iterate(Family::records);
    at_->Seek(prefix_);
    if (at_->Valid() && view(at_->key()) == prefix_) at_->Next();
  } else {
    at_->Next();
  }
  check(at_->status(), "reading instances");
  if (!at_->Valid() || !view(at_->key()).starts_with(prefix_)) return false;
  key_ = view(at_->key());
  value_ = view(at_->value());
  return true;
}

dicom::DataSetView InstanceWalk::header() {
  if (listed_) {
    if (!reader_.get(Family::headers, key_, header_)) header_.clear();
    return dicom::DataSetView({reinterpret_cast<const std::byte*>(header_.data()), header_.size()});
  }
  if (!headers_) headers_ = reader_.iterate(Family::headers);
  // The two families hold the same keys: mostly the next header is the one.
  if (headers_->Valid() && view(headers_->key()) < key_) headers_->Next();
  if (!headers_->Valid() || view(headers_->key()) != key_) headers_->Seek(key_);
  check(headers_->status(), "reading headers");
  if (!headers_->Valid() || view(headers_->key()) != key_)
    throw Error(Code::corrupt, "the index lacks the header of instance " +
                                   std::string(parse_record_key(key_).instance) + ": run `fermata reindex`");
  const auto value = headers_->value();
  return dicom::DataSetView({reinterpret_cast<const std::byte*>(value.data()), value.size()});
}

}  // namespace fermata::index_rocksdb
