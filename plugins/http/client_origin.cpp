#include "client_origin.hpp"

#include <algorithm>
#include <optional>
#include <string_view>

#include "forwarded.hpp"

namespace fermata::http {
namespace {

bool tells_of_a_proxy(const Fields& fields) {
  for (const auto* name : {"X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto", "X-Real-IP", "Forwarded", "Via"})
    if (fields.has(name)) return true;
  return false;
}

/// Of the proxies that have passed the request on, from the last one back to the first that is not trusted: that one is
/// the client.
void find_client(const std::vector<ForwardedElement>& elements, const ProxySettings& proxies, ClientOrigin& origin) {
  for (auto element = elements.rbegin(); element != elements.rend(); ++element) {
    const auto address = node_address(element->client);
    if (!address) {
      origin.unknown = true;
      return;
    }
    origin.address = address->text();
    if (!proxies.trusts(*address)) return;
  }
}

std::string sane_prefix(std::string_view prefix) {
  while (prefix.ends_with('/')) prefix.remove_suffix(1);
  const bool sane = prefix.starts_with('/') && !prefix.starts_with("//") &&
                    prefix.find_first_not_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~/") ==
                        std::string_view::npos;
  return sane ? std::string(prefix) : std::string();
}

}  // namespace

bool ProxySettings::trusts(const IpAddress& address) const {
  return std::any_of(trusted.begin(), trusted.end(), [&](const IpNetwork& n) { return n.contains(address); });
}

ClientOrigin client_origin(const Peer& peer, const RequestHead& head, const ProxySettings& proxies,
                           const std::string& prefix, const std::string& here) {
  ClientOrigin origin;
  origin.address = peer.address;
  origin.authority = head.host.empty() ? here : head.host;
  std::string scheme = peer.tls ? "https" : "http";
  std::string outer_prefix;
  const auto address = IpAddress::parse(peer.address);
  if (address && proxies.trusts(*address)) {
    const bool standard = proxies.fields == ProxySettings::Fields::forwarded;
    const auto elements =
        standard ? forwarded_elements(head.fields.get("Forwarded")) : x_forwarded_elements(head.fields);
    origin.through_proxy = !elements.empty();
    find_client(elements, proxies, origin);
    if (!elements.empty()) {
      const auto& nearest = elements.back();
      if (nearest.scheme == "http" || nearest.scheme == "https") scheme = nearest.scheme;
      if (is_authority(nearest.host)) origin.authority = nearest.host;
    }
    outer_prefix = sane_prefix(head.fields.get("X-Forwarded-Prefix"));
  } else {
    origin.unknown = tells_of_a_proxy(head.fields);
  }
  origin.base_url = scheme + "://" + origin.authority + outer_prefix + prefix;
  return origin;
}

}  // namespace fermata::http
