#include "study_source.hpp"

#include <algorithm>
#include <utility>

#include "totals.hpp"

namespace fermata::index_rocksdb {
namespace {

Database::Walk walk_of(const std::vector<KeyRange>& ranges) {
  const bool single = std::all_of(ranges.begin(), ranges.end(), [](const KeyRange& range) { return range.one_value; });
  return single ? Database::Walk::one_value : Database::Walk::anywhere;
}

}  // namespace

bool ListedStudies::next(std::string& study) {
  if (next_ == studies_.size()) return false;
  study = studies_[next_++];
  return true;
}

KeyScan::KeyScan(const Reader& reader, const dicom::Key* key, dicom::Tag tag, std::vector<KeyRange> ranges,
                 Direction direction)
    : reader_(reader),
      key_(key),
      tag_(tag),
      ranges_(std::move(ranges)),
      direction_(direction),
      last_end_(ranges_.empty() ? std::string() : ranges_.back().end),
      end_(slice(last_end_)),
      at_(reader.iterate(Family::keys, end_.empty() ? nullptr : &end_,
                         backwards() ? Database::Walk::anywhere : walk_of(ranges_))) {}

KeyScan::KeyScan(const Reader& reader, const dicom::Key* key)
    : KeyScan(reader, key, key == nullptr ? dicom::kStudyDate : indexed_as(key->tag),
              key == nullptr ? all_by_date() : key_ranges(*key)) {}

KeyScan::KeyScan(const Reader& reader, const dicom::Key& key, std::string_view part)
    : KeyScan(reader, &key, kNameParts, {part_range(part)}) {}

bool KeyScan::step() {
  for (; range_ < ranges_.size(); ++range_, positioned_ = false) {
    const auto& range = ranges_[backwards() ? ranges_.size() - 1 - range_ : range_];
    move_in(range);
    positioned_ = true;
    check(at_->status(), "searching");
    if (!at_->Valid()) continue;
    const auto entry = view(at_->key());
    if (range.first <= entry && entry < range.end) return true;
  }
  return false;
}

void KeyScan::move_in(const KeyRange& range) {
  if (!backwards()) return positioned_ ? at_->Next() : at_->Seek(range.first);
  if (positioned_) return at_->Prev();
  at_->SeekForPrev(range.end);
  if (at_->Valid() && view(at_->key()) >= range.end) at_->Prev();
}

bool KeyScan::next(std::string& study) {
  while (step())
    if (const auto found = here()) {
      study = *found;
      return true;
    }
  return false;
}

std::optional<std::string_view> KeyScan::here() const {
  const auto entry = view(at_->key());
  if (!accepts(value_of_secondary_key(entry))) return {};
  return study_of(entry);
}

bool KeyScan::accepts(std::string_view value) const {
  if (key_ == nullptr) return true;
  if (tag_ != kNameParts) return may_match(*key_, value);
  // A value that was cut may go on as the key says.
  return value.size() >= kMaximumValue || may_match(*key_, value.substr(kNamePart));
}

bool KeyScan::first_time(const EntityRecord& study) const {
  const auto here = value_of_secondary_key(view(at_->key()));
  if (key_ == nullptr && tag_ == dicom::kPatientName) return here == first_name(study.data_set());
  auto values = secondary_values(tag_, study.data_set(), study.counts.modalities);
  if (backwards()) std::reverse(values.begin(), values.end());
  for (const auto& value : values)
    if (accepts(value) && contains(secondary_key(tag_, value, study.study))) return value == here;
  return true;
}

uint64_t KeyScan::skip(uint64_t count) {
  if (tag_ != dicom::kStudyDate || ranges_.size() != 1) return 0;
  auto& range = ranges_.front();
  uint64_t skipped = backwards() ? skip_days_backwards(range, count) : skip_days(range, count);
  while (skipped < count && step()) ++skipped;
  return skipped;
}

/// Moves the beginning of a range of dates on by whole days.
uint64_t KeyScan::skip_days(KeyRange& range, uint64_t count) const {
  const std::string tag = tag_prefix(tag_);
  const auto days = reader_.iterate(Family::meta);
  uint64_t skipped = 0;
  for (days->Seek(day_key(std::string_view(range.first).substr(tag.size()))); days->Valid(); days->Next()) {
    const auto key = view(days->key());
    if (!key.starts_with(kDayPrefix)) break;
    const std::string day = tag + std::string(key.substr(kDayPrefix.size()));
    if (day >= range.end) break;
    const uint64_t studies = studies_of_day(*days);
    if (studies > count - skipped) {
      range.first = std::max(range.first, day);
      return skipped;
    }
    skipped += studies;
  }
  check(days->status(), "counting days");
  range.first = range.end;
  return skipped;
}

uint64_t KeyScan::skip_days_backwards(KeyRange& range, uint64_t count) const {
  const std::string tag = tag_prefix(tag_);
  const auto days = reader_.iterate(Family::meta);
  uint64_t skipped = 0;
  for (days->SeekForPrev(day_key(std::string_view(range.end).substr(tag.size()))); days->Valid(); days->Prev()) {
    const auto key = view(days->key());
    if (!key.starts_with(kDayPrefix)) break;
    const std::string day = tag + std::string(key.substr(kDayPrefix.size()));
    if (day >= range.end) continue;
    if (behind_prefix(day) <= range.first) break;
    const uint64_t studies = studies_of_day(*days);
    if (studies > count - skipped) {
      range.end = std::min(range.end, behind_prefix(day));
      return skipped;
    }
    skipped += studies;
  }
  check(days->status(), "counting days");
  range.end = range.first;
  return skipped;
}

uint64_t KeyScan::studies_of_day(const rocksdb::Iterator& days) const {
  return decode_meta(view(days.key()), view(days.value()), [](Decoder& in) { return in.varint(); });
}

bool KeyScan::contains(const std::string& entry) const {
  return std::any_of(ranges_.begin(), ranges_.end(),
                     [&](const KeyRange& range) { return range.first <= entry && entry < range.end; });
}

void KeyScan::rewind() {
  range_ = 0;
  positioned_ = false;
}

uint64_t KeyScan::approximate_size() const {
  uint64_t size = 0;
  for (const auto& range : ranges_)
    if (range.first < range.end) size += reader_.database().approximate_size(Family::keys, range.first, range.end);
  return size;
}

bool PatientWalk::next(std::string& study) {
  if (!started_) {
    at_->SeekToFirst();
  } else if (skip_ && at_->Valid()) {
    const auto key = view(at_->key());
    at_->Seek(behind_prefix(std::string(key.substr(0, key.size() - study_of(key).size()))));
  } else if (at_->Valid()) {
    at_->Next();
  }
  started_ = true;
  skip_ = false;
  check(at_->status(), "walking through the patients");
  if (!at_->Valid()) return false;
  study = study_of(view(at_->key()));
  return true;
}

}  // namespace fermata::index_rocksdb
