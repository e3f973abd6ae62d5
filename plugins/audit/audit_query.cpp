#include "audit_query.hpp"

#include <algorithm>
#include <charconv>
#include <string>

#include "fermata/error.hpp"
#include "fermata/query_parameters.hpp"

namespace fermata::audit_trail {
namespace {

constexpr uint64_t kMostItems = 1000;

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
  for (const auto& parameter : QueryParameters(text)) take(query, parameter.name, parameter.value);
  return query;
}

}  // namespace fermata::audit_trail
