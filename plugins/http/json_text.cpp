#include "json_text.hpp"

#include <cstdint>

namespace fermata::http {
namespace {

/// How many bytes the character at `at` has; 0 if it is no UTF-8 (RFC 3629).
std::size_t character_length(std::string_view text, std::size_t at) {
  const auto byte = [&](std::size_t i) { return i < text.size() ? static_cast<uint8_t>(text[i]) : uint8_t{0}; };
  const auto follows = [&](std::size_t i, uint8_t low = 0x80, uint8_t high = 0xbf) {
    return byte(i) >= low && byte(i) <= high;
  };
  const uint8_t first = byte(at);
  if (first < 0x80) return 1;
  if (first >= 0xc2 && first <= 0xdf) return follows(at + 1) ? 2 : 0;
  if (first >= 0xe0 && first <= 0xef)
    return follows(at + 1, first == 0xe0 ? 0xa0 : 0x80, first == 0xed ? 0x9f : 0xbf) && follows(at + 2) ? 3 : 0;
  if (first >= 0xf0 && first <= 0xf4)
    return follows(at + 1, first == 0xf0 ? 0x90 : 0x80, first == 0xf4 ? 0x8f : 0xbf) && follows(at + 2) &&
                   follows(at + 3)
               ? 4
               : 0;
  return 0;
}

void append_escaped(std::string& json, char c) {
  static constexpr std::string_view kDigits = "0123456789abcdef";
  switch (c) {
    case '"':
      json += "\\\"";
      return;
    case '\\':
      json += "\\\\";
      return;
    case '\n':
      json += "\\n";
      return;
    default:
      break;
  }
  const auto value = static_cast<uint8_t>(c);
  if (value >= 0x20) {
    json += c;
    return;
  }
  json += "\\u00";
  json += kDigits[value >> 4];
  json += kDigits[value & 15];
}

}  // namespace

void append_json(std::string& json, std::string_view text) {
  json += '"';
  for (std::size_t i = 0; i < text.size();) {
    const auto length = character_length(text, i);
    if (length == 0)
      json += "\xef\xbf\xbd";
    else if (length == 1)
      append_escaped(json, text[i]);
    else
      json += text.substr(i, length);
    i += length == 0 ? 1 : length;
  }
  json += '"';
}

}  // namespace fermata::http
