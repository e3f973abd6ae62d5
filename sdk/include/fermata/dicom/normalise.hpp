#pragma once
#include <array>
#include <charconv>
#include <cstdlib>
#include <cstring>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include "fermata/dicom/data_set_view.hpp"
#include "fermata/dicom/date_time.hpp"
#include "fermata/dicom/text_folding.hpp"

namespace fermata::dicom {

namespace detail {

/// Leading spaces are no part of a value where both ends may be padded (PS3.5 table 6.2-1); trailing ones never count.
inline std::string_view trimmed(Vr vr, std::string_view value) {
  while (!value.empty() && (value.back() == ' ' || value.back() == '\0')) value.remove_suffix(1);
  const bool leading_counts = vr == Vr("LT") || vr == Vr("ST") || vr == Vr("UT") || vr == Vr("UC") || vr == Vr("UR");
  while (!leading_counts && !value.empty() && value.front() == ' ') value.remove_prefix(1);
  return value;
}

inline std::vector<std::string_view> split(std::string_view text, char separator) {
  std::vector<std::string_view> parts;
  for (;;) {
    const auto end = text.find(separator);
    parts.push_back(text.substr(0, end));
    if (end == text.npos) return parts;
    text.remove_prefix(end + 1);
  }
}

/// A component group: folded, `^` between components and between words. An equals sign in it was a wide one, which
/// stands between the words of foreign names in Japanese.
inline std::string name_group(std::string_view group) {
  std::string out;
  bool space = false;
  for (const char c : fold(group)) {
    if (c == ' ' || c == '\0' || c == '=') {
      space = true;
      continue;
    }
    if (space && c != '^' && !out.empty() && out.back() != '^') out += '^';
    space = false;
    out += c;
  }
  out.erase(out.find_last_not_of('^') + 1);
  return out;
}
inline std::string person_name(std::string_view value) {
  std::string out;
  for (const auto group : split(value, '=')) out.append(name_group(group)).append("=");
  out.erase(out.find_last_not_of('=') + 1);
  return out;
}

/// A decimal number (VR IS, DS) in its one shortest form, `-12.5` or `1.5e40`; other text as it is.
inline std::string decimal(std::string_view text) {
  std::string_view rest = text;
  const bool negative = !rest.empty() && rest.front() == '-';
  if (negative || (!rest.empty() && rest.front() == '+')) rest.remove_prefix(1);
  long exponent = 0;
  if (const auto e = rest.find_first_of("eE"); e != rest.npos) {
    auto power = rest.substr(e + 1);
    if (!power.empty() && power.front() == '+') power.remove_prefix(1);
    const auto [end, error] = std::from_chars(power.data(), power.data() + power.size(), exponent);
    if (power.empty() || error != std::errc{} || end != power.data() + power.size() || std::abs(exponent) > 99999)
      return std::string(text);
    rest = rest.substr(0, e);
  }
  const auto point = rest.find('.');
  std::string digits(rest.substr(0, point));
  if (point != rest.npos) {
    digits += rest.substr(point + 1);
    exponent -= static_cast<long>(rest.size() - point - 1);
  }
  if (!all_digits(digits)) return std::string(text);
  digits.erase(0, digits.find_first_not_of('0'));
  if (digits.empty()) return "0";
  exponent += static_cast<long>(digits.size() - 1 - digits.find_last_not_of('0'));
  digits.erase(digits.find_last_not_of('0') + 1);

  const long before_point = static_cast<long>(digits.size()) + exponent;
  if (before_point > 20 || before_point < -20) {
    if (digits.size() > 1) digits.insert(1, ".");
    digits += "e" + std::to_string(before_point - 1);
  } else if (exponent >= 0) {
    digits.append(static_cast<std::size_t>(exponent), '0');
  } else if (before_point > 0) {
    digits.insert(static_cast<std::size_t>(before_point), ".");
  } else {
    digits.insert(0, "0." + std::string(static_cast<std::size_t>(-before_point), '0'));
  }
  return (negative ? "-" : "") + digits;
}

template <class Number>
void append_numbers(const Element& element, std::vector<std::string>& out) {
  for (std::size_t i = 0; i < element.value.size() / sizeof(Number); ++i) {
    std::array<char, 32> text;
    char* end = text.data();
    if constexpr (std::is_floating_point_v<Number>) {
      using Bits = std::conditional_t<sizeof(Number) == 4, uint32_t, uint64_t>;
      const Bits bits = element.number<Bits>(i);
      Number number;
      std::memcpy(&number, &bits, sizeof number);
      end = std::to_chars(text.data(), text.data() + text.size(), number).ptr;
    } else {
      end = std::to_chars(text.data(), text.data() + text.size(), element.number<Number>(i)).ptr;
    }
    out.emplace_back(text.data(), end);
  }
}
inline void append_tags(const Element& element, std::vector<std::string>& out) {
  static constexpr char kHex[] = "0123456789abcdef";
  for (std::size_t i = 0; i + 4 <= element.value.size(); i += 4) {
    const Tag tag(element.number<uint16_t>(i / 2), element.number<uint16_t>(i / 2 + 1));
    std::string text;
    for (int shift = 28; shift >= 0; shift -= 4) text += kHex[tag.value >> shift & 0xf];
    out.push_back(std::move(text));
  }
}

}  // namespace detail

/// In text of these VRs a backslash is a character like any other (PS3.5 6.2).
constexpr bool may_have_several_values(Vr vr) {
  return !(vr == Vr("LT") || vr == Vr("ST") || vr == Vr("UT") || vr == Vr("UR"));
}

/// One value as it is compared: trailing (and, where they don't count, leading) spaces removed; person names folded to
/// lower case without accents, `^` and spaces alike, empty components dropped at the end; dates as YYYYMMDD, times as
/// HHMMSS.FFFFFF, date-times as YYYYMMDDHHMMSS.FFFFFF (in UTC where the value has an offset); numbers (IS, DS) without
/// leading zeros and signs that say nothing; everything else, and what is no date, time or number, unchanged.
/// Indexes keep what it makes: when it changes, they have to be made anew.
inline std::string normalise(Vr vr, std::string_view value) {
  value = detail::trimmed(vr, value);
  if (vr == Vr("PN")) return detail::person_name(value);
  if (vr == Vr("IS") || vr == Vr("DS")) return detail::decimal(value);
  std::optional<Interval> moment;
  if (vr == Vr("DA") && value.size() >= 8) moment = date_interval(value);
  if (vr == Vr("TM")) moment = time_interval(value);
  if (vr == Vr("DT")) moment = date_time_interval(value);
  return moment ? std::move(moment->low) : std::string(value);
}

/// The values of an element as an index holds them: split at `\`, each normalised, empty ones left out; a person name
/// gives each of its component groups (alphabetic, ideographic, phonetic) as a value of its own. Binary numbers are
/// written in decimal, tags as eight hexadecimal digits. A sequence has none.
inline std::vector<std::string> normalised_values(const Element& element) {
  std::vector<std::string> out;
  const auto add = [&out](std::string value) {
    if (!value.empty()) out.push_back(std::move(value));
  };
  const Vr vr = element.vr;
  if (vr == Vr("PN")) {
    for (const auto value : detail::split(element.text(), '\\'))
      for (const auto group : detail::split(value, '=')) add(detail::name_group(detail::trimmed(vr, group)));
  } else if (vr.is_string() && may_have_several_values(vr)) {
    for (const auto value : detail::split(element.text(), '\\')) add(normalise(vr, value));
  } else if (vr == Vr("US")) {
    detail::append_numbers<uint16_t>(element, out);
  } else if (vr == Vr("SS")) {
    detail::append_numbers<int16_t>(element, out);
  } else if (vr == Vr("UL")) {
    detail::append_numbers<uint32_t>(element, out);
  } else if (vr == Vr("SL")) {
    detail::append_numbers<int32_t>(element, out);
  } else if (vr == Vr("UV")) {
    detail::append_numbers<uint64_t>(element, out);
  } else if (vr == Vr("SV")) {
    detail::append_numbers<int64_t>(element, out);
  } else if (vr == Vr("FL")) {
    detail::append_numbers<float>(element, out);
  } else if (vr == Vr("FD")) {
    detail::append_numbers<double>(element, out);
  } else if (vr == Vr("AT")) {
    detail::append_tags(element, out);
  } else if (vr != Vr("SQ")) {
    add(normalise(vr, element.text()));
  }
  return out;
}

}  // namespace fermata::dicom
