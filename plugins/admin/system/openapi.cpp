#include "system/openapi.hpp"

#include <algorithm>
#include <string>

namespace fermata::admin {
namespace json = boost::json;
namespace {

/// "{path...}" is this server's own way of saying "all that is left".
std::string path_template(std::string_view path) {
  std::string out(path);
  if (const auto dots = out.find("...}"); dots != std::string::npos) out.erase(dots, 3);
  return out;
}

std::string lower(std::string_view text) {
  std::string out(text);
  std::transform(out.begin(), out.end(), out.begin(), [](char c) { return c >= 'A' && c <= 'Z' ? char(c + 32) : c; });
  return out;
}

/// What a plugin has said of its route; a route that is not described well is still a route.
json::object operation(const HttpRoute& route) {
  json::error_code error;
  auto value = json::parse(route.operation, error);
  if (!error && value.is_object()) return std::move(value.as_object());
  return {{"responses", {{"default", {{"description", "Not described"}}}}}};
}

}  // namespace

json::object openapi_document(HttpRouter& router, std::string_view base_url, std::string_view version) {
  json::object paths;
  const auto cursor = router.routes();
  for (HttpRoute route; cursor->next(route);) {
    auto described = operation(route);
    if (!route.permission.empty()) described["x-permission"] = route.permission;
    auto& path = paths[path_template(route.path)];
    if (!path.is_object()) path.emplace_object();
    path.as_object()[lower(route.method)] = std::move(described);
  }
  return {{"openapi", "3.1.0"},
          {"info", {{"title", "Fermata"}, {"version", version}}},
          {"servers", json::array{json::object{{"url", base_url}}}},
          {"paths", std::move(paths)}};
}

}  // namespace fermata::admin
