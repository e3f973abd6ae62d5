#include "nodes/language.hpp"

#include <algorithm>
#include <string>

namespace fermata::admin {
namespace {

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
  while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
  return text;
}

/// "0.85" in thousandths, as far as it is a weight.
int weight(std::string_view parameters) {
  const auto at = parameters.find("q=");
  if (at == std::string_view::npos) return 1000;
  const auto text = parameters.substr(at + 2);
  if (text.empty() || text.front() != '0') return 1000;
  int value = 0;
  for (std::size_t i = 2; i < 5; ++i)
    value = value * 10 + (i < text.size() && text[i] >= '0' && text[i] <= '9' ? text[i] - '0' : 0);
  return value;
}

bool is_language(std::string_view range, std::string_view code) {
  const auto primary = range.substr(0, range.find('-'));
  return std::equal(primary.begin(), primary.end(), code.begin(), code.end(),
                    [](char a, char b) { return (a | 0x20) == b; });
}

}  // namespace

Language language_of(std::string_view accept_language) {
  int english = 0;
  int german = 0;
  while (!accept_language.empty()) {
    const auto item = accept_language.substr(0, accept_language.find(','));
    accept_language.remove_prefix(std::min(accept_language.size(), item.size() + 1));
    const auto range = trimmed(item.substr(0, item.find(';')));
    const auto parameters = item.substr(std::min(item.size(), item.find(';')));
    if (is_language(range, "en")) english = std::max(english, weight(parameters));
    if (is_language(range, "de")) german = std::max(german, weight(parameters));
  }
  return german > english ? Language::german : Language::english;
}

}  // namespace fermata::admin
