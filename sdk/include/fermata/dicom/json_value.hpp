#pragma once
#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "fermata/dicom/data_set_view.hpp"
#include "fermata/dicom/json_text.hpp"

namespace fermata::dicom::json {

/// Spaces at the beginning of a value that mean nothing (PS3.5 6.2).
constexpr bool leads_with_padding(Vr vr) {
  return vr == Vr("AE") || vr == Vr("CS") || vr == Vr("DS") || vr == Vr("IS") || vr == Vr("LO") || vr == Vr("SH");
}

/// A backslash separates values (PS3.5 6.4): in all characters but those where it may be part of the one value.
constexpr bool may_have_several(Vr vr) {
  return vr.is_string() && vr != Vr("LT") && vr != Vr("ST") && vr != Vr("UR") && vr != Vr("UT");
}
namespace detail {

inline std::string_view trimmed(std::string_view text, bool leading) {
  while (!text.empty() && (text.back() == ' ' || text.back() == '\0')) text.remove_suffix(1);
  while (leading && !text.empty() && text.front() == ' ') text.remove_prefix(1);
  return text;
}

/// `each(value)` appends one value; those that are empty become null (PS3.18 F.2.5).
template <class Each>
void append_values(std::string& to, std::string_view text, Vr vr, Each&& each) {
  to += ",\"Value\":[";
  for (bool first = true;; first = false) {
    const auto end = text.find('\\');
    const auto value = trimmed(text.substr(0, end), leads_with_padding(vr));
    if (!first) to += ',';
    if (value.empty())
      to += "null";
    else
      each(value);
    if (end == std::string_view::npos) break;
    text.remove_prefix(end + 1);
  }
  to += ']';
}

/// A Person Name by its component groups (PS3.18 F.2.2).
inline void append_person_name(std::string& to, std::string_view name) {
  constexpr std::array<std::string_view, 3> groups{"\"Alphabetic\":", "\"Ideographic\":", "\"Phonetic\":"};
  to += '{';
  bool first = true;
  for (const auto group : groups) {
    const auto end = name.find('=');
    if (const auto value = trimmed(name.substr(0, end), false); !value.empty()) {
      if (!first) to += ',';
      first = false;
      append_string(to.append(group), value);
    }
    if (end == std::string_view::npos) break;
    name.remove_prefix(end + 1);
  }
  to += '}';
}

inline void append_characters(std::string& to, const Element& element) {
  const auto text = element.text();
  const Vr vr = element.vr;
  if (trimmed(text, leads_with_padding(vr)).empty()) return;
  if (!may_have_several(vr)) {
    append_string(to += ",\"Value\":[", text);
    to += ']';
  } else if (vr == Vr("PN")) {
    append_values(to, text, vr, [&](std::string_view name) { append_person_name(to, name); });
  } else if (vr == Vr("DS") || vr == Vr("IS")) {
    append_values(to, text, vr, [&](std::string_view number) { append_decimal(to, number); });
  } else {
    append_values(to, text, vr, [&](std::string_view value) { append_string(to, value); });
  }
}

/// Values of a fixed length. `each` appends number `i`.
template <class Each>
void append_fixed(std::string& to, const Element& element, std::size_t length, Each&& each) {
  const std::size_t count = element.value.size() / length;
  if (count == 0) return;
  to += ",\"Value\":[";
  for (std::size_t i = 0; i < count; ++i) {
    if (i != 0) to += ',';
    each(i);
  }
  to += ']';
}

template <class Stored, class Number = Stored>
void append_numbers(std::string& to, const Element& element) {
  append_fixed(to, element, sizeof(Stored),
               [&](std::size_t i) { append_number(to, std::bit_cast<Number>(element.number<Stored>(i))); });
}

inline void append_tags(std::string& to, const Element& element) {
  append_fixed(to, element, 4, [&](std::size_t i) {
    to += R"("00000000")";
    put_tag(to.data() + to.size() - 9, Tag(element.number<uint16_t>(2 * i), element.number<uint16_t>(2 * i + 1)));
  });
}

}  // namespace detail

/// The Value Representation that says how `append_value` has written: UN where PS3.5 does not know it.
constexpr Vr vr_to_write(Vr vr) {
  switch (vr.code) {
    case Vr("AT").code:
    case Vr("FD").code:
    case Vr("FL").code:
    case Vr("OB").code:
    case Vr("OD").code:
    case Vr("OF").code:
    case Vr("OL").code:
    case Vr("OV").code:
    case Vr("OW").code:
    case Vr("SL").code:
    case Vr("SQ").code:
    case Vr("SS").code:
    case Vr("SV").code:
    case Vr("UL").code:
    case Vr("US").code:
    case Vr("UV").code:
      return vr;
    default:
      return vr.is_string() ? vr : Vr("UN");
  }
}

/// Whether a value is written in base64: it is neither a sequence, nor text, nor numbers.
constexpr bool is_inline_binary(Vr vr) {
  const Vr written = vr_to_write(vr);
  return written == Vr("UN") || written.first() == 'O';
}

/// How an element without a sequence goes into its attribute object (PS3.18 F.2.3): `,"Value":[...]`,
/// `,"InlineBinary":"..."`, or nothing where it is empty.
inline void append_value(std::string& to, const Element& element) {
  switch (element.vr.code) {
    case Vr("US").code:
      return detail::append_numbers<uint16_t>(to, element);
    case Vr("SS").code:
      return detail::append_numbers<int16_t>(to, element);
    case Vr("UL").code:
      return detail::append_numbers<uint32_t>(to, element);
    case Vr("SL").code:
      return detail::append_numbers<int32_t>(to, element);
    case Vr("UV").code:
      return detail::append_numbers<uint64_t>(to, element);
    case Vr("SV").code:
      return detail::append_numbers<int64_t>(to, element);
    case Vr("FL").code:
      return detail::append_numbers<uint32_t, float>(to, element);
    case Vr("FD").code:
      return detail::append_numbers<uint64_t, double>(to, element);
    case Vr("AT").code:
      return detail::append_tags(to, element);
    default:
      if (element.vr.is_string()) return detail::append_characters(to, element);
      if (element.value.empty()) return;
      append_base64(to += ",\"InlineBinary\":\"", element.value);
      to += '"';
  }
}

}  // namespace fermata::dicom::json
