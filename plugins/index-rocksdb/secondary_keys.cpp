#include "secondary_keys.hpp"

#include <algorithm>
#include <array>
#include <optional>

#include "encoding.hpp"

namespace fermata::index_rocksdb {
namespace {

using dicom::Key;
using dicom::Tag;

constexpr std::array kIndexed{
    dicom::kStudyDate,   dicom::kAccessionNumber, dicom::kModalitiesInStudy, Tag(0x0008, 0x0080),  // Institution Name
    Tag(0x0008, 0x0090),  // Referring Physician's Name
    Tag(0x0008, 0x1030),  // Study Description
    dicom::kPatientName, dicom::kPatientId,       dicom::kPatientBirthDate,  dicom::kStudyId,     kNameParts,
};

constexpr char kEndOfDate = '\xff';                      // behind every inverted digit: a day without a time is its end
constexpr char kInvertedNine = static_cast<char>(~'9');  // the least of inverted digits and points
constexpr uint8_t kEndNibble = 0xf;

std::string inverted(std::string_view value) {
  std::string s = key_value(value);
  for (char& c : s) c = static_cast<char>(~static_cast<uint8_t>(c));
  return s;
}

std::vector<std::string> values_of(dicom::DataSetView attributes, Tag tag) {
  const auto element = attributes.find(tag);
  return element ? dicom::normalised_values(*element) : std::vector<std::string>{};
}

std::string first_value_of(dicom::DataSetView attributes, Tag tag) {
  auto values = values_of(attributes, tag);
  return values.empty() ? std::string{} : std::move(values.front());
}

std::vector<std::string> dates_of(dicom::DataSetView attributes) {
  std::vector<std::string> values;
  const std::string time = first_value_of(attributes, dicom::kStudyTime);
  for (const auto& date : values_of(attributes, dicom::kStudyDate))
    values.push_back(date.empty() ? std::string(1, kEndOfDate) : inverted(date + time) + kEndOfDate);
  if (values.empty()) values.emplace_back(1, kEndOfDate);
  return values;
}

void sort_unique(std::vector<std::string>& values) {
  std::sort(values.begin(), values.end());
  values.erase(std::unique(values.begin(), values.end()), values.end());
}

std::vector<std::string> parts_of(std::string_view text) {
  std::vector<std::string> parts;
  for (std::size_t i = 0; i + kNamePart <= text.size(); ++i) parts.emplace_back(text.substr(i, kNamePart));
  return parts;
}

/// The parts of all the literal text in a pattern, ascending.
std::vector<std::string> parts_of_pattern(std::string_view pattern) {
  std::vector<std::string> parts;
  while (!pattern.empty()) {
    const auto literal = dicom::literal_prefix(pattern);
    for (auto& part : parts_of(literal)) parts.push_back(std::move(part));
    pattern.remove_prefix(std::min(pattern.size(), literal.size() + 1));
  }
  sort_unique(parts);
  return parts;
}

KeyRange prefix_range(Tag tag, std::string_view prefix) {
  KeyRange range{tag_prefix(tag).append(prefix), {}};
  range.end = behind_prefix(range.first);
  return range;
}

/// Where the values lie that begin with `low`, with `high`, or between them.
KeyRange between(Tag tag, std::string_view low, std::string_view high) {
  const auto whole = prefix_range(tag, {});
  if (tag == dicom::kStudyDate)
    return {high.empty() ? whole.first : prefix_range(tag, inverted(high)).first,
            low.empty() ? whole.end : prefix_range(tag, inverted(low)).end};
  return {low.empty() ? whole.first : prefix_range(tag, key_value(low)).first,
          high.empty() ? whole.end : prefix_range(tag, key_value(high)).end};
}

KeyRange exactly(Tag tag, std::string_view value) {
  if (tag == dicom::kStudyDate) return prefix_range(tag, inverted(value));
  auto range = prefix_range(tag, key_value(value));
  range.first += kNul;
  range.end = range.first;
  range.end.back() = '\1';
  range.one_value = true;
  return range;
}

KeyRange beginning(Tag tag, std::string_view literal) {
  return prefix_range(tag, tag == dicom::kStudyDate ? inverted(literal) : key_value(literal));
}

/// Every value that a pattern may mean begins with its literal part.
KeyRange matching(Tag tag, std::string_view pattern) {
  return dicom::has_wildcard(pattern) ? beginning(tag, dicom::literal_prefix(pattern)) : exactly(tag, pattern);
}

/// Component groups stand in the index each for itself: the one that says most is looked up.
KeyRange matching_groups(Tag tag, std::string_view name) {
  std::string_view best;
  while (!name.empty()) {
    const auto group = name.substr(0, name.find('='));
    name.remove_prefix(std::min(name.size(), group.size() + 1));
    const auto literal = dicom::literal_prefix(group);
    if (literal.size() > best.size()) best = literal;
  }
  return beginning(tag, best);
}

std::vector<KeyRange> merged(std::vector<KeyRange> ranges) {
  std::sort(ranges.begin(), ranges.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
  std::vector<KeyRange> result;
  for (auto& range : ranges) {
    if (!result.empty() && range.first <= result.back().end) {
      result.back().one_value = result.back().one_value && range.end == result.back().end;
      result.back().end = std::max(result.back().end, range.end);
    } else {
      result.push_back(std::move(range));
    }
  }
  return result;
}

constexpr std::size_t kDateLength = 8;

}  // namespace

Tag indexed_as(Tag tag) { return tag == dicom::kModality ? dicom::kModalitiesInStudy : tag; }

bool is_indexed(Tag tag) { return std::find(kIndexed.begin(), kIndexed.end(), indexed_as(tag)) != kIndexed.end(); }

std::vector<std::string> secondary_values(Tag tag, dicom::DataSetView attributes, const Tally& modalities) {
  std::vector<std::string> values;
  if (tag == dicom::kStudyDate) {
    values = dates_of(attributes);
  } else if (tag == dicom::kModalitiesInStudy) {
    for (const auto& entry : modalities.entries())
      values.push_back(key_value(dicom::normalise(dicom::Vr("CS"), entry.first)));
  } else if (tag == kNameParts) {
    for (const auto& name : values_of(attributes, dicom::kPatientName))
      for (const auto& part : parts_of(key_value(name))) values.push_back(key_value(part + name));
  } else {
    for (const auto& value : values_of(attributes, tag))
      if (!value.empty()) values.push_back(key_value(value));
  }
  sort_unique(values);
  return values;
}

std::vector<std::string> secondary_keys(std::string_view study, dicom::DataSetView attributes,
                                        const Tally& modalities) {
  std::vector<std::string> keys;
  for (const Tag tag : kIndexed)
    for (const auto& value : secondary_values(tag, attributes, modalities))
      keys.push_back(secondary_key(tag, value, study));
  std::sort(keys.begin(), keys.end());
  return keys;
}

std::string patient_key_prefix(dicom::DataSetView attributes) {
  const auto value = [&](Tag tag, dicom::Vr vr) { return dicom::normalise(vr, attributes.text(tag)); };
  return patient_prefix(value(dicom::kPatientId, "LO"), value(dicom::kIssuerOfPatientId, "LO"),
                        value(dicom::kPatientName, "PN"), value(dicom::kPatientBirthDate, "DA"));
}

std::string newest_first_value(dicom::DataSetView attributes) {
  auto dates = dates_of(attributes);
  return *std::min_element(dates.begin(), dates.end());
}

bool is_without_date(std::string_view value) { return value.starts_with(kEndOfDate); }

std::string first_name(dicom::DataSetView attributes) {
  return key_value(first_value_of(attributes, dicom::kPatientName));
}

std::string packed_moment(std::string_view value) {
  std::string packed;
  for (std::size_t i = 0; i < value.size(); ++i) {
    const auto nibble = value[i] == kEndOfDate ? kEndNibble : static_cast<uint8_t>(value[i] - kInvertedNine);
    if (nibble > kEndNibble || (nibble == kEndNibble) != (i + 1 == value.size())) return {};
    if (i % 2 == 0)
      packed += static_cast<char>(nibble << 4);
    else
      packed.back() = static_cast<char>(packed.back() | nibble);
  }
  return packed;
}

std::string unpacked_moment(std::string_view packed) {
  std::string value;
  for (std::size_t i = 0; i < 2 * packed.size() && !value.ends_with(kEndOfDate); ++i) {
    const auto byte = static_cast<uint8_t>(packed[i / 2]);
    const auto nibble = static_cast<uint8_t>(i % 2 == 0 ? byte >> 4 : byte & 0xf);
    value += nibble == kEndNibble ? kEndOfDate : static_cast<char>(kInvertedNine + nibble);
  }
  return value;
}

std::vector<KeyRange> key_ranges(const Key& key) {
  const Tag tag = indexed_as(key.tag);
  std::vector<KeyRange> ranges;
  switch (key.kind) {
    case Key::Kind::single:
    case Key::Kind::list:
      for (const auto& value : key.values) ranges.push_back(exactly(tag, value));
      break;
    case Key::Kind::wildcard:
      for (const auto& pattern : key.values) ranges.push_back(matching(tag, pattern));
      break;
    case Key::Kind::name_groups:
      for (const auto& name : key.values) ranges.push_back(matching_groups(tag, name));
      break;
    case Key::Kind::range:
      ranges.push_back(between(tag, key.low, key.high));
      break;
    case Key::Kind::date_time:
      ranges.push_back(between(tag, std::string_view(key.low).substr(0, kDateLength),
                               std::string_view(key.high).substr(0, kDateLength)));
      break;
    case Key::Kind::universal:
    case Key::Kind::sequence:
      ranges.push_back(prefix_range(tag, {}));
      break;
  }
  return merged(std::move(ranges));
}

std::vector<std::string> name_parts(const Key& key) {
  if (key.tag != dicom::kPatientName || key.kind != Key::Kind::wildcard) return {};
  std::optional<std::vector<std::string>> common;
  for (const auto& pattern : key.values) {
    if (!dicom::literal_prefix(pattern).empty()) return {};
    const auto parts = parts_of_pattern(pattern);
    if (!common) common = parts;
    std::erase_if(*common, [&](const auto& part) { return !std::binary_search(parts.begin(), parts.end(), part); });
  }
  return common.value_or(std::vector<std::string>{});
}

KeyRange part_range(std::string_view part) { return prefix_range(kNameParts, part); }

std::vector<KeyRange> all_by_date() { return {prefix_range(dicom::kStudyDate, {})}; }

KeyRange with_date() {
  auto range = prefix_range(dicom::kStudyDate, {});
  range.end = without_date().first;
  return range;
}

KeyRange without_date() { return prefix_range(dicom::kStudyDate, std::string_view(&kEndOfDate, 1)); }

KeyRange all_by_name() { return prefix_range(dicom::kPatientName, {}); }

bool may_match(const Key& key, std::string_view value) {
  if (key.tag == dicom::kStudyDate || value.size() >= kMaximumValue) return true;
  switch (key.kind) {
    case Key::Kind::single:
    case Key::Kind::list:
    case Key::Kind::wildcard:
    case Key::Kind::range:
      return dicom::matches_value(key, value);
    default:
      return true;
  }
}

}  // namespace fermata::index_rocksdb
