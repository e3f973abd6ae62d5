#include "condition.hpp"

#include <algorithm>
#include <array>

#include "http_date.hpp"

namespace fermata::http {
namespace {

constexpr std::array<std::string_view, 4> kConditions{"If-Match", "If-None-Match", "If-Unmodified-Since",
                                                      "If-Modified-Since"};

std::string_view opaque(std::string_view etag) { return etag.starts_with("W/") ? etag.substr(2) : etag; }

}  // namespace

bool has_conditions(const Fields& request) {
  return std::any_of(kConditions.begin(), kConditions.end(), [&](auto name) { return request.has(name); });
}

void remove_conditions(Fields& request) {
  for (const auto name : kConditions) request.remove(name);
}

bool wants_another(const Fields& request, std::string_view etag, std::string_view last_modified) {
  if (request.has("If-Match")) {
    const auto wanted = list_items(request.get("If-Match"));
    return std::none_of(wanted.begin(), wanted.end(),
                        [&](std::string_view one) { return one == "*" || (one == etag && !etag.starts_with("W/")); });
  }
  const auto since = parse_http_date(request.get("If-Unmodified-Since"));
  const auto modified = parse_http_date(last_modified);
  return since && modified && *modified > *since;
}

bool client_has_it(const Fields& request, std::string_view etag, std::string_view last_modified) {
  if (request.has("If-None-Match")) {
    for (const auto candidate : list_items(request.get("If-None-Match"))) {
      if (candidate == "*" && !(etag.empty() && last_modified.empty())) return true;
      if (!etag.empty() && opaque(candidate) == opaque(etag)) return true;
    }
    return false;
  }
  const auto since = parse_http_date(request.get("If-Modified-Since"));
  const auto modified = parse_http_date(last_modified);
  return since && modified && *modified <= *since;
}

bool range_holds(const Fields& request, std::string_view etag, std::string_view last_modified) {
  const auto condition = request.get("If-Range");
  if (condition.empty()) return true;
  if (condition.find('"') != std::string_view::npos)
    return !condition.starts_with("W/") && !etag.starts_with("W/") && condition == etag;
  const auto date = parse_http_date(condition);
  return date && parse_http_date(last_modified) == date;
}

}  // namespace fermata::http
