#pragma once
#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "fermata/dicom/tag.hpp"

namespace fermata::dicom::json {

/// Bytes of the UTF-8 character at the start of `text` (RFC 3629); 0 where there is none.
inline std::size_t utf8_length(std::string_view text) {
  const auto at = [text](std::size_t i) { return i < text.size() ? static_cast<uint8_t>(text[i]) : 0u; };
  const auto follows = [&](std::size_t i) { return (at(i) & 0xc0) == 0x80; };
  const unsigned first = at(0);
  if (first < 0x80) return text.empty() ? 0 : 1;
  if (first < 0xc2 || first > 0xf4) return 0;
  if (first < 0xe0) return follows(1) ? 2 : 0;
  const unsigned second = at(1);
  if (first < 0xf0) {
    const bool overlong = first == 0xe0 && second < 0xa0;
    const bool surrogate = first == 0xed && second > 0x9f;
    return follows(1) && follows(2) && !overlong && !surrogate ? 3 : 0;
  }
  const bool overlong = first == 0xf0 && second < 0x90;
  const bool too_great = first == 0xf4 && second > 0x8f;
  return follows(1) && follows(2) && follows(3) && !overlong && !too_great ? 4 : 0;
}

namespace detail {

inline constexpr auto kPlain = [] {
  std::array<bool, 256> plain{};
  for (unsigned c = 0x20; c < 0x80; ++c) plain[c] = c != '"' && c != '\\';
  return plain;
}();

inline void append_escaped(std::string& to, char c) {
  switch (c) {
    case '"':
    case '\\':
      (to += '\\') += c;
      return;
    case '\b':
      to += "\\b";
      return;
    case '\f':
      to += "\\f";
      return;
    case '\n':
      to += "\\n";
      return;
    case '\r':
      to += "\\r";
      return;
    case '\t':
      to += "\\t";
      return;
    default:
      constexpr std::string_view digits = "0123456789abcdef";
      to += c < 0x10 ? "\\u000" : "\\u001";
      to += digits[static_cast<uint8_t>(c) & 0xf];
  }
}

}  // namespace detail

/// A JSON string (RFC 8259 7). What is no UTF-8 becomes U+FFFD.
inline void append_string(std::string& to, std::string_view text) {
  to += '"';
  while (!text.empty()) {
    std::size_t run = 0;
    while (run < text.size() && detail::kPlain[static_cast<uint8_t>(text[run])]) ++run;
    to.append(text.substr(0, run));
    text.remove_prefix(run);
    if (text.empty()) break;
    if (static_cast<uint8_t>(text.front()) < 0x80) {
      detail::append_escaped(to, text.front());
      text.remove_prefix(1);
    } else if (const std::size_t length = utf8_length(text); length != 0) {
      to.append(text.substr(0, length));
      text.remove_prefix(length);
    } else {
      to += "\xef\xbf\xbd";
      text.remove_prefix(1);
    }
  }
  to += '"';
}

/// A JSON number. JSON has none for NaN and the infinities: these become strings, as other DICOM software writes them.
/// So do integers beyond 2^53, which most readers would round (PS3.18 F.2.3).
template <class Number>
void append_number(std::string& to, Number n) {
  if constexpr (std::floating_point<Number>) {
    if (std::isnan(n)) return void(to += "\"NaN\"");
    if (std::isinf(n)) return void(to += n < 0 ? "\"-Infinity\"" : "\"Infinity\"");
  }
  std::array<char, 32> digits;
  const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), n).ptr;
  bool exact = true;
  if constexpr (std::integral<Number> && sizeof(Number) == 8) {
    constexpr int64_t limit = int64_t{1} << 53;
    exact = n <= static_cast<Number>(limit) && (std::unsigned_integral<Number> || n >= static_cast<Number>(-limit));
  }
  if (!exact) to += '"';
  to.append(digits.data(), end);
  if (!exact) to += '"';
}

/// The characters of an IS or DS as a JSON number with the same digits; as a string where they are no number, or one
/// that is out of a reader's range.
inline void append_decimal(std::string& to, std::string_view text) {
  std::size_t at = 0;
  const auto digits = [&] {
    const std::size_t from = at;
    while (at < text.size() && text[at] >= '0' && text[at] <= '9') ++at;
    return text.substr(from, at - from);
  };
  const auto accept = [&](char a, char b) { return at < text.size() && (text[at] == a || text[at] == b) && ++at != 0; };
  const bool negative = text.starts_with('-');
  accept('+', '-');
  auto whole = digits();
  const auto fraction = accept('.', '.') ? digits() : std::string_view{};
  bool number = !whole.empty() || !fraction.empty();
  const std::size_t before_exponent = at;
  std::string_view exponent;
  if (accept('e', 'E')) {
    accept('+', '-');
    exponent = digits();
    number = number && !exponent.empty() && exponent.size() <= 2;
  }
  while (whole.size() > 1 && whole.front() == '0') whole.remove_prefix(1);
  const bool integral = fraction.empty() && exponent.empty();
  if (!number || at != text.size() || whole.size() > 200 || (integral && whole.size() > 15))
    return append_string(to, text);
  if (negative) to += '-';
  to.append(whole.empty() ? "0" : whole);
  if (!fraction.empty()) (to += '.').append(fraction);
  to.append(text.substr(before_exponent));
}

/// A tag as its attribute object is named: eight hexadecimal digits (PS3.18 F.2.2), without quotes.
inline void put_tag(char* to, Tag tag) {
  constexpr std::string_view hex = "0123456789ABCDEF";
  for (unsigned i = 0; i < 8; ++i) to[i] = hex[tag.value >> (28 - 4 * i) & 0xf];
}

/// The characters of RFC 4648 4, without quotes.
inline void append_base64(std::string& to, std::span<const std::byte> bytes) {
  constexpr std::string_view alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  const std::size_t begin = to.size();
  to.resize(begin + (bytes.size() + 2) / 3 * 4);
  char* out = to.data() + begin;
  const auto at = [bytes](std::size_t i) { return i < bytes.size() ? std::to_integer<uint32_t>(bytes[i]) : 0u; };
  for (std::size_t i = 0; i < bytes.size(); i += 3, out += 4) {
    const uint32_t three = at(i) << 16 | at(i + 1) << 8 | at(i + 2);
    for (unsigned j = 0; j < 4; ++j) out[j] = alphabet[three >> (18 - 6 * j) & 63];
  }
  for (std::size_t i = 0; i < (3 - bytes.size() % 3) % 3; ++i) to[to.size() - 1 - i] = '=';
}

/// The same in pieces of so many characters, for a value that may be long: `pass` is called after each, and may empty
/// `to`.
template <class Pass>
void append_base64(std::string& to, std::span<const std::byte> bytes, std::size_t piece, const Pass& pass) {
  const std::size_t step = std::max<std::size_t>(piece / 4, 1) * 3;
  for (; bytes.size() > step; bytes = bytes.subspan(step)) {
    append_base64(to, bytes.first(step));
    pass();
  }
  append_base64(to, bytes);
}

}  // namespace fermata::dicom::json
