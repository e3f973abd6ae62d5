#pragma once
#include <algorithm>
#include <cstdio>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "fermata/dicom/data_set_view.hpp"
#include "fermata/dicom/key.hpp"
#include "fermata/dicom/normalise.hpp"
#include "fermata/dicom/wildcard.hpp"
#include "fermata/error.hpp"

namespace fermata::dicom {

inline std::vector<Key> compile(DataSetView identifier, bool combined_date_time);

namespace detail {

[[noreturn]] inline void refuse_key(Tag tag, const char* reason) {
  char name[16];
  std::snprintf(name, sizeof name, "(%04x,%04x)", unsigned{tag.group()}, unsigned{tag.element()});
  throw Error(Code::invalid, std::string("the key ") + name + " " + reason);
}

inline bool is_temporal(Vr vr) { return vr == Vr("DA") || vr == Vr("TM") || vr == Vr("DT"); }
inline std::optional<Interval> interval(Vr vr, std::string_view text) {
  if (vr == Vr("DA")) return date_interval(text);
  if (vr == Vr("TM")) return time_interval(text);
  return date_time_interval(text);
}

/// Where the `-` of a range stands, or npos. In a DT the minus of an offset from UTC is none.
inline std::size_t range_separator(Vr vr, std::string_view text) {
  const auto dash = text.find('-');
  if (vr != Vr("DT") || dash == text.npos || dash == 0) return dash;
  const auto offset = utc_offset_length(text.substr(dash));
  return offset == 0 ? dash : text.find('-', dash + offset);
}

inline void compile_range(Key& key, std::string_view text, std::size_t separator) {
  const auto from = trimmed(key.vr, text.substr(0, separator));
  const auto to = trimmed(key.vr, text.substr(separator + 1));
  const auto bound = [&](std::string_view part) {
    const auto found = part.empty() ? Interval{} : interval(key.vr, part).value_or(Interval{});
    if (!part.empty() && found.low.empty())
      refuse_key(key.tag, "is no range of dates or times: write FROM-TO, FROM- or -TO");
    return found;
  };
  key.low = bound(from).low;
  key.high = bound(to).high;
  if (!key.low.empty() || !key.high.empty()) key.kind = Key::Kind::range;
}

/// A date or time without a range covers what its precision leaves open: `10` is the whole hour.
inline bool compile_moment(Key& key, std::string_view text) {
  auto found = interval(key.vr, text);
  if (!found) return false;
  if (found->low == found->high) {
    key.kind = Key::Kind::single;
    key.values = {std::move(found->low)};
  } else {
    key.kind = Key::Kind::range;
    key.low = std::move(found->low);
    key.high = std::move(found->high);
  }
  return true;
}

/// One of several dates or times as a pattern of the normalised form: `10` is `10*`.
inline std::string moment_pattern(Vr vr, std::string_view text) {
  const auto found = interval(vr, text);
  if (!found || found->low == found->high) return normalise(vr, text);
  const auto end = std::mismatch(found->low.begin(), found->low.end(), found->high.begin()).first;
  return std::string(found->low.begin(), end) + "*";
}

inline bool only_stars(std::string_view text) { return !text.empty() && text.find_first_not_of('*') == text.npos; }

/// `DOE^*` is to match a name of which only the family name is known: empty components at the end are dropped.
inline void add_shorter_names(std::vector<std::string>& patterns) {
  for (std::size_t i = 0; i < patterns.size(); ++i) {
    const std::string_view pattern = patterns[i];
    const auto last = pattern.find_last_not_of('*');
    if (last == pattern.npos || last + 1 == pattern.size() || pattern[last] != '^') continue;
    auto shorter = pattern.substr(0, last);
    while (!shorter.empty() && shorter.back() == '^') shorter.remove_suffix(1);
    if (!shorter.empty()) patterns.push_back(std::string(shorter));
  }
}

inline void compile_values(Key& key, std::vector<std::string> values) {
  std::erase_if(values, [](const std::string& value) { return value.empty(); });
  if (values.empty() || std::any_of(values.begin(), values.end(), only_stars)) return;
  const bool groups = key.vr == Vr("PN") && std::any_of(values.begin(), values.end(), [](const std::string& value) {
                        return value.find('=') != value.npos;
                      });
  const bool wildcards = std::any_of(values.begin(), values.end(), has_wildcard);
  if (key.vr == Vr("PN") && wildcards && !groups) add_shorter_names(values);
  if (std::any_of(values.begin(), values.end(), only_stars)) return;
  key.kind = groups              ? Key::Kind::name_groups
             : wildcards         ? Key::Kind::wildcard
             : values.size() > 1 ? Key::Kind::list
                                 : Key::Kind::single;
  key.values = std::move(values);
}

inline void compile_text(Key& key, std::string_view text) {
  const auto parts = may_have_several_values(key.vr) ? split(text, '\\') : std::vector{text};
  if (is_temporal(key.vr)) {
    const auto value = trimmed(key.vr, text);
    const auto separator = range_separator(key.vr, value);
    if (separator != value.npos) return compile_range(key, value, separator);
    if (parts.size() == 1 && compile_moment(key, value)) return;
  }
  std::vector<std::string> values;
  values.reserve(parts.size());
  for (const auto part : parts)
    values.push_back(is_temporal(key.vr) ? moment_pattern(key.vr, trimmed(key.vr, part)) : normalise(key.vr, part));
  compile_values(key, std::move(values));
}

inline void compile_sequence(Key& key, const Element& element, bool combined_date_time) {
  std::size_t count = 0;
  for (const auto item : element.items()) {
    if (++count > 1) refuse_key(key.tag, "is a sequence of several items: send one");
    key.items = compile(item, combined_date_time);
  }
  if (std::any_of(key.items.begin(), key.items.end(),
                  [](const Key& nested) { return nested.kind != Key::Kind::universal; }))
    key.kind = Key::Kind::sequence;
}

inline Key compile_key(const Element& element, bool combined_date_time) {
  Key key;
  key.tag = element.tag;
  key.vr = element.vr;
  // A private creator says whose the private keys beside it are (PS3.5 7.8.1): it is returned, and restricts nothing.
  if (element.tag.is_private_creator()) return key;
  if (element.vr == Vr("SQ"))
    compile_sequence(key, element, combined_date_time);
  else if (element.vr.is_string())
    compile_text(key, element.text());
  else
    compile_values(key, normalised_values(element));
  return key;
}

/// Dates and the times beside them (PS3.3): what a range of both means together.
inline constexpr std::pair<Tag, Tag> kDateAndTime[] = {
    {Tag(0x0008, 0x0012), Tag(0x0008, 0x0013)},  // Instance Creation
    {kStudyDate, kStudyTime},
    {Tag(0x0008, 0x0021), Tag(0x0008, 0x0031)},  // Series
    {Tag(0x0008, 0x0022), Tag(0x0008, 0x0032)},  // Acquisition
    {Tag(0x0008, 0x0023), Tag(0x0008, 0x0033)},  // Content
    {kPatientBirthDate, Tag(0x0010, 0x0032)},    // Patient's Birth
    {Tag(0x0040, 0x0002), Tag(0x0040, 0x0003)},  // Scheduled Procedure Step Start
    {Tag(0x0040, 0x0244), Tag(0x0040, 0x0245)},  // Performed Procedure Step Start
};

/// Makes one key of a range of dates and a range of times of the same form (PS3.4 C.2.2.2.5).
inline void combine_dates_and_times(std::vector<Key>& keys, DataSetView identifier, bool closed_ranges_too) {
  const auto range = [&](Tag tag) {
    const auto key = std::find_if(keys.begin(), keys.end(), [tag](const Key& k) { return k.tag == tag; });
    const bool written_as_range = identifier.text(tag).find('-') != std::string_view::npos;
    return key != keys.end() && key->kind == Key::Kind::range && written_as_range ? key : keys.end();
  };
  for (const auto& [date_tag, time_tag] : kDateAndTime) {
    const auto date = range(date_tag);
    const auto time = range(time_tag);
    if (date == keys.end() || time == keys.end()) continue;
    if (date->low.empty() != time->low.empty() || date->high.empty() != time->high.empty()) continue;
    const bool closed = !date->low.empty() && !date->high.empty();
    if (closed && !closed_ranges_too) continue;
    date->kind = Key::Kind::date_time;
    date->time_tag = time_tag;
    date->low += time->low;
    date->high += time->high;
    keys.erase(time);
  }
}

}  // namespace detail

/// Compiles every element of an identifier except group lengths, (0008,0005), (0008,0052) and (0008,0201), in its
/// order. A date and a time that are one range become one key. Error invalid for a key that can't be (a sequence of two
/// items, a range of three parts).
inline std::vector<Key> compile(DataSetView identifier, bool combined_date_time) {
  std::vector<Key> keys;
  for (const auto& element : identifier) {
    const Tag tag = element.tag;
    if (tag.is_group_length() || tag == kSpecificCharacterSet || tag == kQueryRetrieveLevel ||
        tag == kTimezoneOffsetFromUtc)
      continue;
    keys.push_back(detail::compile_key(element, combined_date_time));
  }
  detail::combine_dates_and_times(keys, identifier, combined_date_time);
  return keys;
}

}  // namespace fermata::dicom
