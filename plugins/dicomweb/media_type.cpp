#include "media_type.hpp"

#include <algorithm>

namespace fermata::dicomweb {
namespace {

std::string_view trimmed(std::string_view text) {
  constexpr std::string_view space = " \t\r\n";
  const auto begin = text.find_first_not_of(space);
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(space) - begin + 1);
}

std::string lower(std::string_view text) {
  std::string out(text);
  std::transform(out.begin(), out.end(), out.begin(), [](char c) { return c >= 'A' && c <= 'Z' ? char(c + 32) : c; });
  return out;
}

/// Takes what stands before the next ";" outside of quotes from `rest`.
std::string_view next_part(std::string_view& rest) {
  bool quoted = false;
  std::size_t end = 0;
  for (; end < rest.size() && (quoted || rest[end] != ';'); ++end) {
    if (rest[end] == '"') quoted = !quoted;
    if (quoted && rest[end] == '\\') ++end;
  }
  const auto part = rest.substr(0, end);
  rest.remove_prefix(std::min(end + 1, rest.size()));
  return trimmed(part);
}

std::string unquoted(std::string_view text) {
  if (text.size() < 2 || text.front() != '"' || text.back() != '"') return std::string(text);
  text = text.substr(1, text.size() - 2);
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '\\' && i + 1 < text.size()) ++i;
    out += text[i];
  }
  return out;
}

}  // namespace

MediaType MediaType::parse(std::string_view text) {
  MediaType type;
  type.name = lower(next_part(text));
  while (!text.empty()) {
    const auto part = next_part(text);
    const auto equals = part.find('=');
    if (equals == std::string_view::npos) continue;
    type.parameters.emplace_back(lower(trimmed(part.substr(0, equals))), unquoted(trimmed(part.substr(equals + 1))));
  }
  return type;
}

std::string_view MediaType::parameter(std::string_view parameter_name) const {
  for (const auto& [known, value] : parameters)
    if (known == parameter_name) return value;
  return {};
}

}  // namespace fermata::dicomweb
