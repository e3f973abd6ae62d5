#include "access.hpp"

#include <algorithm>

namespace fermata::http {
namespace {

constexpr const char* kNoLogin =
    "This address needs a login, which this server does not have: no plugin for accounts is enabled. It is open to the "
    "networks in `anonymous_networks` of its configuration.";
constexpr const char* kNoLoginThroughProxy =
    "This address needs a login, which this server does not have: no plugin for accounts is enabled. It is open to the "
    "networks in `anonymous_networks` of its configuration, but this request came through a proxy that is not among "
    "its `trusted_proxies`, so that nobody knows from where.";
constexpr const char* kLogIn = "This address needs a login, or a token in the field Authorization.";

/// "host" of "host:port", "::1" of "[::1]:8080".
std::string_view name_of(std::string_view authority) {
  if (authority.starts_with('[')) {
    const auto end = std::min(authority.find(']'), authority.size());
    return authority.substr(1, end - 1);
  }
  return authority.substr(0, authority.rfind(':'));
}

bool is_safe(std::string_view method) { return method == "GET" || method == "HEAD" || method == "OPTIONS"; }

bool brings_credentials(const RequestHead& head) {
  return head.fields.has("Authorization") || head.fields.has("Cookie");
}

/// A person in a browser, who is better served with a page than with a problem.
bool asks_for_page(const RequestHead& head) {
  if (!is_safe(head.method) || head.fields.has("Authorization")) return false;
  const auto mode = head.fields.get("Sec-Fetch-Mode");
  const auto destination = head.fields.get("Sec-Fetch-Dest");
  if (!mode.empty()) return mode == "navigate" && (destination.empty() || destination == "document");
  return head.fields.get("Accept").starts_with("text/html");
}

std::string percent_encoded(std::string_view text) {
  static constexpr char kDigits[] = "0123456789ABCDEF";
  std::string out;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if ((byte >= '0' && byte <= '9') || ((byte | 0x20) >= 'a' && (byte | 0x20) <= 'z') || c == '-' || c == '.' ||
        c == '_' || c == '~' || c == '/')
      out += c;
    else
      out += {'%', kDigits[byte >> 4], kDigits[byte & 15]};
  }
  return out;
}

}  // namespace

bool is_secure(const ClientOrigin& origin) {
  if (origin.unknown) return false;
  if (origin.base_url.starts_with("https://")) return true;
  const auto address = IpAddress::parse(origin.address);
  return !origin.through_proxy && address &&
         (IpNetwork::parse("127.0.0.0/8").contains(*address) || IpNetwork::parse("::1").contains(*address));
}

Access::Access(AccessSettings settings) : settings_(std::move(settings)) { use(nullptr); }

void Access::use(Authenticator* authenticator) {
  authenticator_ = authenticator;
  if (settings_.anonymous_networks)
    anonymous_networks_ = *settings_.anonymous_networks;
  else if (authenticator != nullptr)
    anonymous_networks_.clear();
  else
    anonymous_networks_ = {IpNetwork::parse("127.0.0.0/8"), IpNetwork::parse("::1")};
}

Sender Access::admit(const ClientOrigin& origin, const RequestHead& head, std::string_view path,
                     std::string_view permission) const {
  const bool is_public = permission.empty();
  if (brings_credentials(head) && comes_from_other_site(origin, head))
    throw Problem(403,
                  "This request was made by a page of another site. Add the site to `allowed_origins` of the "
                  "server's configuration if it may do that.");
  std::unique_ptr<Identity> identity;
  try {
    identity = identify(origin, head, path);
  } catch (const Problem&) {
    if (!is_public) throw;
  }
  if (identity) {
    Sender sender(std::move(identity));
    if (!is_public && !sender.may(permission))
      throw Problem(403, "The account \"" + sender.user() + "\" may not do this: it lacks the permission " +
                             std::string(permission) + ". Ask an administrator for it.");
    return sender;
  }
  if (is_public) return is_trusted(origin, head) ? Sender::trusted() : Sender();
  if (origin.unknown || !is_anonymous(origin))
    turn_away(origin, head, path,
              authenticator_ != nullptr ? kLogIn
              : origin.unknown          ? kNoLoginThroughProxy
                                        : kNoLogin);
  if (!origin.through_proxy && !knows_name(origin.authority))
    throw Problem(403, "This server is not known as \"" + std::string(name_of(origin.authority)) +
                           "\". Call it by its address, or add the name to `server_names` of its configuration.");
  if (comes_from_other_site(origin, head))
    throw Problem(403,
                  "This request was made by a page of another site. Add the site to `allowed_origins` of the "
                  "server's configuration if it may do that.");
  return Sender::trusted();
}

/// Whether it would be let in anywhere, without a login.
bool Access::is_trusted(const ClientOrigin& origin, const RequestHead& head) const {
  return !origin.unknown && is_anonymous(origin) && (origin.through_proxy || knows_name(origin.authority)) &&
         !comes_from_other_site(origin, head);
}

/// Null: nobody.
std::unique_ptr<Identity> Access::identify(const ClientOrigin& origin, const RequestHead& head,
                                           std::string_view path) const {
  if (authenticator_ == nullptr || !brings_credentials(head)) return nullptr;
  const Credentials credentials{head.fields.get("Authorization"), head.fields.get("Cookie"), origin.address,
                                is_secure(origin)};
  try {
    auto identity = authenticator_->identify(credentials);
    return identity->user().empty() ? nullptr : std::move(identity);
  } catch (const Error& error) {
    if (error.code() == Code::refused) turn_away(origin, head, path, error.what());
    if (error.code() == Code::unavailable) ask_to_wait(credentials, error.what());
    throw;
  }
}

void Access::ask_to_wait(const Credentials& credentials, const std::string& why) const {
  uint64_t seconds = 0;
  try {
    seconds = authenticator_->retry_after(credentials);
  } catch (const Error&) {  // one of an older SDK does not know
  }
  Fields fields;
  fields.set("Retry-After", std::to_string(std::max<uint64_t>(seconds, 1)));
  throw Problem(429, why, fields);
}

/// 401 has to name a way to log in (RFC 9110 11.6.1). A browser's own box for a password would come up over the page
/// that asks: scripts of pages are given a scheme that browsers don't know.
void Access::turn_away(const ClientOrigin& origin, const RequestHead& head, std::string_view path,
                       const std::string& why) const {
  Fields fields;
  if (authenticator_ != nullptr && asks_for_page(head)) {
    auto target = std::string(path);
    if (!head.query.empty()) target += "?" + std::string(head.query);
    fields.set("Location",
               origin.base_url + std::string(authenticator_->login_page()) + "?next=" + percent_encoded(target));
    fields.set("Cache-Control", "no-store");
    throw Problem(303, why, fields);
  }
  fields.set("WWW-Authenticate", authenticator_ == nullptr || head.fields.has("Sec-Fetch-Mode")
                                     ? "Fermata realm=\"archive\""
                                     : "Basic realm=\"archive\", charset=\"UTF-8\"");
  throw Problem(401, why, fields);
}

bool Access::is_anonymous(const ClientOrigin& origin) const {
  const auto address = IpAddress::parse(origin.address);
  const auto& networks = anonymous_networks_;
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
