#pragma once
#include <algorithm>
#include <string_view>

namespace fermata {

/// Whether a field Accept-Encoding admits gzip (RFC 9110 12.5.3). **Thread**: any.
inline bool accepts_gzip(std::string_view accept_encoding) {
  const auto trimmed = [](std::string_view text) {
    const auto first = std::min(text.find_first_not_of(" \t"), text.size());
    text.remove_prefix(first);
    return text.substr(0, text.find_last_not_of(" \t") + 1);
  };
  const auto next = [&](std::string_view& rest, char separator) {
    const auto end = std::min(rest.find(separator), rest.size());
    const auto item = trimmed(rest.substr(0, end));
    rest.remove_prefix(std::min(end + 1, rest.size()));
    return item;
  };
  const auto is = [](std::string_view text, std::string_view word) {
    return std::equal(text.begin(), text.end(), word.begin(), word.end(), [](char a, char b) {
      return (a >= 'A' && a <= 'Z' ? static_cast<char>(a + ('a' - 'A')) : a) == b;
    });
  };
  bool any = false;
  while (!accept_encoding.empty()) {
    auto parameters = next(accept_encoding, ',');
    const auto coding = next(parameters, ';');
    bool wanted = true;  // of a weight, only whether it is zero counts
    while (!parameters.empty())
      if (const auto parameter = next(parameters, ';'); is(parameter.substr(0, 2), "q="))
        wanted = parameter.find_first_of("123456789") != std::string_view::npos;
    if (is(coding, "gzip") || is(coding, "x-gzip")) return wanted;
    if (coding == "*") any = wanted;
  }
  return any;
}

}  // namespace fermata
