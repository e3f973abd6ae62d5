#pragma once
#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include "fermata/dicom/data_set_view.hpp"
#include "fermata/dicom/key.hpp"
#include "fermata/dicom/key_compiler.hpp"
#include "fermata/dicom/normalise.hpp"
#include "fermata/dicom/wildcard.hpp"

// Attribute Matching (PS3.4 C.2.2.2), so that every index matches alike. `compile` makes keys of an identifier,
// `normalise` and `normalised_values` give the form in which values are compared, `matches` decides. To build with it,
// link fermata::sdk-matching.
namespace fermata::dicom {

inline bool matches(const Key& key, DataSetView data_set);
inline bool matches(const std::vector<Key>& keys, DataSetView data_set);

/// Whether one normalised value satisfies the key; not for `sequence`, `date_time` and `name_groups`.
/// In a range only dates and times match: text that is none sorts after them, so ask here before believing an index.
inline bool matches_value(const Key& key, std::string_view normalised) {
  switch (key.kind) {
    case Key::Kind::universal:
      return true;
    case Key::Kind::single:
    case Key::Kind::list:
      return std::find(key.values.begin(), key.values.end(), normalised) != key.values.end();
    case Key::Kind::wildcard:
      return std::any_of(key.values.begin(), key.values.end(),
                         [&](const std::string& pattern) { return matches_wildcard(pattern, normalised); });
    case Key::Kind::range:
      return detail::all_digits(normalised.substr(0, normalised.find('.'))) && key.low <= normalised &&
             (key.high.empty() || normalised <= key.high);
    default:
      return false;
  }
}

namespace detail {

/// A date without a time matches if any time of that day would.
inline bool matches_date_time(const Key& key, DataSetView data_set) {
  const auto date = normalise(Vr("DA"), data_set.text(key.tag));
  if (!all_digits(date)) return false;
  const auto time = time_interval(trimmed(Vr("TM"), data_set.text(key.time_tag)));
  const auto earliest = date + (time ? time->low : "000000.000000");
  const auto latest = date + (time ? time->low : "235959.999999");
  return key.low <= latest && (key.high.empty() || earliest <= key.high);
}

inline bool matches_name_groups(std::string_view pattern, std::string_view name) {
  const auto groups = split(name, '=');
  const auto wanted = split(pattern, '=');
  for (std::size_t i = 0; i < wanted.size(); ++i)
    if (!wanted[i].empty() && !only_stars(wanted[i]) && (i >= groups.size() || !matches_wildcard(wanted[i], groups[i])))
      return false;
  return true;
}
inline bool matches_names(const Key& key, std::string_view text) {
  for (const auto value : split(text, '\\')) {
    const auto name = normalise(Vr("PN"), value);
    if (name.empty()) continue;
    for (const auto& pattern : key.values)
      if (matches_name_groups(pattern, name)) return true;
  }
  return false;
}

inline bool matches_element(const Key& key, const Element& element) {
  if (key.kind == Key::Kind::name_groups) return matches_names(key, element.text());
  if (key.kind == Key::Kind::sequence) {
    if (element.vr != Vr("SQ")) return false;
    for (const auto item : element.items())
      if (matches(key.items, item)) return true;
    return false;
  }
  const auto values = normalised_values(element);
  return std::any_of(values.begin(), values.end(), [&](const auto& value) { return matches_value(key, value); });
}

}  // namespace detail

/// Whether the data set satisfies the key, or all keys. An absent or empty attribute matches universal keys only.
inline bool matches(const Key& key, DataSetView data_set) {
  if (key.kind == Key::Kind::universal) return true;
  if (key.kind == Key::Kind::date_time) return detail::matches_date_time(key, data_set);
  const auto element = data_set.find(key.tag);
  return element && detail::matches_element(key, *element);
}
inline bool matches(const std::vector<Key>& keys, DataSetView data_set) {
  return std::all_of(keys.begin(), keys.end(), [&](const Key& key) { return matches(key, data_set); });
}

}  // namespace fermata::dicom
