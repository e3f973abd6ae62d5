#include "cors.hpp"

namespace fermata::http {
namespace {

constexpr const char* kReadable =
    "Accept-Ranges, Content-Disposition, Content-Location, Content-Range, ETag, Link, Location, Retry-After, Warning, "
    "X-Request-Id";
constexpr const char* kRemembered = "600";  // seconds

}  // namespace

bool Cors::allows(const RequestHead& head) const {
  const auto origin = head.fields.get("Origin");
  return configured_ && !origin.empty() && access_.allows_origin(origin);
}

Fields Cors::of_answer(const RequestHead& head) const {
  Fields fields;
  if (!configured_) return fields;
  fields.append("Vary", "Origin");
  if (!allows(head)) return fields;
  fields.append("Access-Control-Allow-Origin", head.fields.get("Origin"));
  fields.append("Access-Control-Expose-Headers", kReadable);
  if (credentials_) fields.append("Access-Control-Allow-Credentials", "true");
  return fields;
}

Fields Cors::of_preflight(const RequestHead& head, const std::string& methods) const {
  Fields fields;
  if (!allows(head) || !head.fields.has("Access-Control-Request-Method")) return fields;
  fields.append("Access-Control-Allow-Methods", methods);
  fields.append("Access-Control-Max-Age", kRemembered);
  std::string names;
  for (const auto name : list_items(head.fields.get("Access-Control-Request-Headers")))
    if (is_token(name)) names += (names.empty() ? "" : ", ") + std::string(name);
  if (!names.empty()) fields.append("Access-Control-Allow-Headers", names);
  return fields;
}

}  // namespace fermata::http
