#include "file_names.hpp"

#include <algorithm>
#include <cstddef>

namespace fermata::imports {
namespace {

constexpr std::string_view kDigits = "0123456789ABCDEF";

/// The length of the character of UTF-8 at the beginning, or 0.
std::size_t character(std::string_view text) {
  const auto at = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const unsigned first = at(0);
  if (first < 0x80) return 1;
  const std::size_t length = first >= 0xc2 && first < 0xe0   ? 2
                             : first >= 0xe0 && first < 0xf0 ? 3
                             : first >= 0xf0 && first < 0xf5 ? 4
                                                             : 0;
  if (length == 0 || text.size() < length) return 0;
  for (std::size_t i = 1; i < length; ++i)
    if ((at(i) & 0xc0) != 0x80) return 0;
  const unsigned second = at(1);
  if ((first == 0xe0 && second < 0xa0) || (first == 0xed && second >= 0xa0) || (first == 0xf0 && second < 0x90) ||
      (first == 0xf4 && second >= 0x90))
    return 0;
  return length;
}

int digit(char c) {
  const auto at = kDigits.find(c);
  return at == std::string_view::npos ? -1 : static_cast<int>(at);
}

}  // namespace

std::string escaped(std::string_view path) {
  std::string text;
  text.reserve(path.size());
  while (!path.empty()) {
    const auto length = character(path);
    const auto first = static_cast<unsigned char>(path.front());
    if (length == 0 || first < ' ' || first == 0x7f || first == '%') {
      text.append({'%', kDigits[first >> 4], kDigits[first & 15]});
      path.remove_prefix(1);
    } else {
      text.append(path.substr(0, length));
      path.remove_prefix(length);
    }
  }
  return text;
}

std::string unescaped(std::string_view text) {
  std::string path;
  path.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '%' && i + 2 < text.size() && digit(text[i + 1]) >= 0 && digit(text[i + 2]) >= 0) {
      path += static_cast<char>(digit(text[i + 1]) * 16 + digit(text[i + 2]));
      i += 2;
    } else {
      path += text[i];
    }
  }
  return path;
}

std::string plain(std::string_view text, std::size_t longest) {
  std::string out;
  while (!text.empty()) {
    const auto length = std::max<std::size_t>(character(text), 1);
    if (out.size() + length > longest) break;
    const auto first = static_cast<unsigned char>(text.front());
    if (character(text) == 0 || (first < ' ' && first != '\n') || first == 0x7f)
      out += first == '\r' || first == '\t' ? ' ' : '?';
    else
      out.append(text.substr(0, length));
    text.remove_prefix(length);
  }
  return out;
}

}  // namespace fermata::imports
