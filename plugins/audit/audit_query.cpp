#include "audit_query.hpp"

#include <algorithm>
#include <charconv>
#include <string>

#include "fermata/error.hpp"

namespace fermata::audit_trail {
namespace {

constexpr uint64_t kMostItems = 1000;

std::string decoded(std::string_view text) {
  std::string plain;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '%') {
      plain += text[i] == '+' ? ' ' : text[i];
      continue;
    }
    unsigned value = 0;
    const auto digits = text.substr(i + 1, 2);
    const auto [end, failure] = std::from_chars(digits.data(), digits.data() + digits.size(), value, 16);
    if (digits.size() != 2 || failure != std::errc() || end != digits.data() + 2)
      throw Error(Code::invalid, "the query has a \"%\" that is not followed by two hexadecimal digits");
    plain += static_cast<char>(value);
    i += 2;
  }
  return plain;
}

uint64_t number(std::string_view name, std::string_view text) {
  uint64_t value = 0;
  const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (text.empty() || failure != std::errc() || end != text.data() + text.size())
    throw Error(Code::invalid, "the query parameter " + std::string(name) + " is no number");
  return value;
}

void take(AuditQuery& query, std::string_view name, const std::string& value) {
  if (value.empty()) return;
  if (name == "from")
    query.filter.from_us = parse_moment(value, false);
  else if (name == "to")
    query.filter.to_us = parse_moment(value, true);
  else if (name == "user")
    query.filter.user = value;
  else if (name == "action")
    query.filter.action = value;
  else if (name == "object")
    query.filter.object = value;
  else if (name == "before")
    query.filter.before = number(name, value);
  else if (name == "limit")
    query.limit = static_cast<std::size_t>(std::clamp<uint64_t>(number(name, value), 1, kMostItems));
}

}  // namespace

AuditQuery parse_query(std::string_view text) {
  AuditQuery query;
  while (!text.empty()) {
    const auto end = std::min(text.find('&'), text.size());
    const auto one = text.substr(0, end);
    const auto equals = std::min(one.find('='), one.size());
    take(query, one.substr(0, equals), decoded(one.substr(std::min(equals + 1, one.size()))));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return query;
}

}  // namespace fermata::audit_trail
