#include "access.hpp"

#include <algorithm>

namespace fermata::http {
namespace {

constexpr const char* kLogin =
    "This address needs a login, which this server does not have yet. It is open to the networks in "
    "`anonymous_networks` of its configuration.";
constexpr const char* kLoginThroughProxy =
    "This address needs a login, which this server does not have yet. It is open to the networks in "
    "`anonymous_networks` of its configuration, but this request came through a proxy that is not among its "
    "`trusted_proxies`, so that nobody knows from where.";

/// "host" of "host:port", "::1" of "[::1]:8080".
std::string_view name_of(std::string_view authority) {
  if (authority.starts_with('[')) {
    const auto end = std::min(authority.find(']'), authority.size());
    return authority.substr(1, end - 1);
  }
  return authority.substr(0, authority.rfind(':'));
}

/// 401 has to name a way to log in (RFC 9110 11.6.1); browsers don't ask for a password by this one.
Problem unauthorized(const char* detail) {
  Fields fields;
  fields.set("WWW-Authenticate", "Fermata realm=\"archive\"");
  return {401, detail, fields};
}

bool is_safe(std::string_view method) { return method == "GET" || method == "HEAD" || method == "OPTIONS"; }

}  // namespace

std::optional<Problem> Access::refusal(const ClientOrigin& origin, const RequestHead& head) const {
  if (origin.unknown) return unauthorized(kLoginThroughProxy);
  if (!is_anonymous(origin)) return unauthorized(kLogin);
  if (!origin.through_proxy && !knows_name(origin.authority))
    return Problem(403, "This server is not known as \"" + std::string(name_of(origin.authority)) +
                            "\". Call it by its address, or add the name to `server_names` of its configuration.");
  if (comes_from_other_site(origin, head))
    return Problem(403,
                   "This request was made by a page of another site. Add the site to `allowed_origins` of the "
                   "server's configuration if it may do that.");
  return {};
}

bool Access::is_anonymous(const ClientOrigin& origin) const {
  const auto address = IpAddress::parse(origin.address);
  const auto& networks = settings_.anonymous_networks;
  return address && std::any_of(networks.begin(), networks.end(), [&](const auto& n) { return n.contains(*address); });
}

bool Access::knows_name(std::string_view authority) const {
  const auto name = name_of(authority);
  if (IpAddress::parse(name) || equal_in_any_case(name, "localhost")) return true;
  const auto& names = settings_.server_names;
  return std::any_of(names.begin(), names.end(), [&](const auto& known) { return equal_in_any_case(known, name); });
}

/// Browsers say which page a request comes from (Fetch Metadata, and the field Origin); other programs don't.
bool Access::comes_from_other_site(const ClientOrigin& origin, const RequestHead& head) const {
  if (is_safe(head.method)) return false;
  const auto page = head.fields.get("Origin");
  if (!page.empty() && allows_origin(page)) return false;
  const auto site = head.fields.get("Sec-Fetch-Site");
  if (!site.empty()) return site != "same-origin" && site != "none";
  if (page.empty()) return false;
  const auto scheme_end = page.find("://");
  return scheme_end == std::string_view::npos || !equal_in_any_case(page.substr(scheme_end + 3), origin.authority);
}

bool Access::allows_origin(std::string_view origin) const {
  const auto& origins = settings_.allowed_origins;
  return std::any_of(origins.begin(), origins.end(),
                     [&](const auto& known) { return known == "*" || equal_in_any_case(known, origin); });
}

}  // namespace fermata::http
