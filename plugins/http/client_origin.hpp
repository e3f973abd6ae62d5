#pragma once
#include <string>
#include <vector>

#include "fermata/ip_network.hpp"
#include "request_head.hpp"

namespace fermata::http {

/// The other end of a connection.
struct Peer {
  std::string address;  ///< numeric
  bool tls = false;
};

/// Reverse proxies, and how they tell whom they speak for. Only one way is read: a proxy that writes the one passes the
/// other on as a client made it up.
struct ProxySettings {
  enum class Fields {
    x_forwarded,  ///< X-Forwarded-For, -Proto, -Host, -Prefix
    forwarded,    ///< Forwarded (RFC 7239), and X-Forwarded-Prefix
  };
  std::vector<IpNetwork> trusted;
  Fields fields = Fields::x_forwarded;

  bool trusts(const IpAddress& address) const;
};

/// Where a request comes from, and how its sender sees this server.
struct ClientOrigin {
  std::string address;         ///< the client's, as far as it is known
  std::string base_url;        ///< "https://host:port/prefix", without "/" at the end
  std::string authority;       ///< "host:port"
  bool through_proxy = false;  ///< a trusted one
  bool unknown = false;        ///< somebody stands in between who is not trusted to say for whom
};

/// `prefix` is the server's own ("/pacs"); `here` is what to call the server where the client does not say.
ClientOrigin client_origin(const Peer& peer, const RequestHead& head, const ProxySettings& proxies,
                           const std::string& prefix, const std::string& here);

}  // namespace fermata::http
