#pragma once
#include <cstddef>
#include <string_view>

namespace fermata::dicom {

inline bool has_wildcard(std::string_view text) { return text.find_first_of("*?") != text.npos; }

namespace detail {
/// The place after the UTF-8 character at `at`.
inline std::size_t next_character(std::string_view text, std::size_t at) {
  ++at;
  while (at < text.size() && (static_cast<unsigned char>(text[at]) & 0xc0) == 0x80) ++at;
  return at;
}
}  // namespace detail

/// Wild Card Matching (PS3.4 C.2.2.2.4): `*` is any number of characters, `?` exactly one; both texts are UTF-8.
/// Takes time proportional to the product of the lengths at worst: only the last `*` is ever tried again.
inline bool matches_wildcard(std::string_view pattern, std::string_view text) {
  std::size_t p = 0;
  std::size_t t = 0;
  std::size_t after_star = pattern.npos;
  std::size_t retry = 0;
  while (t < text.size()) {
    if (p < pattern.size() && pattern[p] == '*') {
      after_star = ++p;
      retry = t;
    } else if (p < pattern.size() && pattern[p] == '?') {
      ++p;
      t = detail::next_character(text, t);
    } else if (p < pattern.size() && pattern[p] == text[t]) {
      ++p;
      ++t;
    } else if (after_star != pattern.npos) {
      p = after_star;
      t = retry = detail::next_character(text, retry);
    } else {
      return false;
    }
  }
  return pattern.find_first_not_of('*', p) == pattern.npos;
}

/// The literal beginning of a wildcard pattern: what an ordered index can seek to.
inline std::string_view literal_prefix(std::string_view pattern) {
  return pattern.substr(0, pattern.find_first_of("*?"));
}

}  // namespace fermata::dicom
