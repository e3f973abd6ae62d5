#include "log/text_escaping.hpp"

#include <fmt/format.h>

#include <cstdint>

namespace fermata::host {
namespace {

constexpr uint32_t kReplacement = 0xFFFD;

bool continues(unsigned char byte) { return (byte & 0xC0) == 0x80; }

/// Takes one character off `text`; what is not UTF-8 gives U+FFFD, a byte at a time.
uint32_t take_character(std::string_view& text) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const unsigned char first = byte(0);
  std::size_t length = 1;
  uint32_t character = first;
  uint32_t smallest = 0;
  if (first >= 0xC2 && first <= 0xDF) {
    length = 2, character = first & 0x1Fu, smallest = 0x80;
  } else if ((first & 0xF0) == 0xE0) {
    length = 3, character = first & 0x0Fu, smallest = 0x800;
  } else if (first >= 0xF0 && first <= 0xF4) {
    length = 4, character = first & 0x07u, smallest = 0x10000;
  } else if (first >= 0x80) {
    character = kReplacement;
  }
  for (std::size_t i = 1; i < length; ++i) {
    if (i >= text.size() || !continues(byte(i))) {
      text.remove_prefix(1);
      return kReplacement;
    }
    character = (character << 6) | (byte(i) & 0x3Fu);
  }
  const bool surrogate = character >= 0xD800 && character <= 0xDFFF;
  if (character < smallest || surrogate || character > 0x10FFFF) {
    text.remove_prefix(1);
    return kReplacement;
  }
  text.remove_prefix(length);
  return character;
}

void append_utf8(std::string& out, uint32_t c) {
  const auto put = [&](uint32_t byte) { out += static_cast<char>(byte); };
  if (c < 0x80) {
    put(c);
  } else if (c < 0x800) {
    put(0xC0 | (c >> 6)), put(0x80 | (c & 0x3F));
  } else if (c < 0x10000) {
    put(0xE0 | (c >> 12)), put(0x80 | ((c >> 6) & 0x3F)), put(0x80 | (c & 0x3F));
  } else {
    put(0xF0 | (c >> 18)), put(0x80 | ((c >> 12) & 0x3F)), put(0x80 | ((c >> 6) & 0x3F)), put(0x80 | (c & 0x3F));
  }
}

/// Characters that end a line somewhere, steer a terminal, or turn the direction of what follows.
bool is_dangerous(uint32_t c) {
  return c < 0x20 || (c >= 0x7F && c <= 0x9F) || c == 0x2028 || c == 0x2029 || c == 0x061C || c == 0x200E ||
         c == 0x200F || (c >= 0x202A && c <= 0x202E) || (c >= 0x2066 && c <= 0x2069);
}

void append_escape(std::string& out, uint32_t c) {
  switch (c) {
    case '\n':
      out += "\\n";
      return;
    case '\r':
      out += "\\r";
      return;
    case '\t':
      out += "\\t";
      return;
    default:
      out += fmt::format("\\u{:04x}", c);
  }
}

std::string escaped(std::string_view text, bool quoted) {
  std::string out;
  out.reserve(text.size() + 2);
  while (!text.empty()) {
    const uint32_t c = take_character(text);
    if (is_dangerous(c)) {
      append_escape(out, c);
    } else {
      if (quoted && (c == '"' || c == '\\')) out += '\\';
      append_utf8(out, c);
    }
  }
  return out;
}

}  // namespace

std::string json_string(std::string_view text) { return '"' + escaped(text, true) + '"'; }

std::string visible_text(std::string_view text) { return escaped(text, false); }

std::string field_value(std::string_view text) {
  const auto plain = escaped(text, false);
  if (!text.empty() && plain == text && text.find_first_of(" =\"\\") == std::string_view::npos) return plain;
  return json_string(text);
}

}  // namespace fermata::host
