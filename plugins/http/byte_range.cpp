#include "byte_range.hpp"

#include <algorithm>
#include <charconv>

#include "fields.hpp"

namespace fermata::http {
namespace {

std::optional<uint64_t> number(std::string_view digits) {
  uint64_t value = 0;
  const auto [end, failure] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
  if (digits.empty() || failure != std::errc() || end != digits.data() + digits.size()) return {};
  return value;
}

}  // namespace

RangeRequest parse_range(std::string_view field, uint64_t length) {
  constexpr RangeRequest kWhole;
  constexpr RangeRequest kUnsatisfiable{RangeRequest::Kind::unsatisfiable, {}};
  constexpr std::string_view kUnit = "bytes=";
  if (!equal_in_any_case(field.substr(0, kUnit.size()), kUnit)) return kWhole;
  const auto range = trimmed(field.substr(kUnit.size()));
  const auto dash = range.find('-');
  if (dash == std::string_view::npos) return kWhole;
  const auto first = number(range.substr(0, dash));
  const auto last = number(range.substr(dash + 1));
  if (dash == 0) {
    if (!last) return kWhole;
    if (*last == 0 || length == 0) return kUnsatisfiable;
    return {RangeRequest::Kind::part, {length - std::min(*last, length), length}};
  }
  if (!first || (!last && dash + 1 != range.size()) || (last && *last < *first)) return kWhole;
  if (*first >= length) return kUnsatisfiable;
  return {RangeRequest::Kind::part, {*first, last ? std::min(*last, length - 1) + 1 : length}};
}

}  // namespace fermata::http
