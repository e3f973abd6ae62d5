#pragma once
#include <string>

#include "request_head.hpp"

namespace fermata::http {

/// The other end of a connection.
struct Peer {
  std::string address;  ///< numeric
  bool tls = false;
};

/// Where a request comes from, and how its sender sees this server.
struct ClientOrigin {
  std::string address;   ///< the client's
  std::string base_url;  ///< "https://host:port/prefix", without "/" at the end
};

/// `prefix` is the server's own ("/pacs"), `local` what to call it where the client does not say.
ClientOrigin client_origin(const Peer& peer, const RequestHead& head, const std::string& prefix,
                           const std::string& local);

}  // namespace fermata::http
