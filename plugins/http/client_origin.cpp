#include "client_origin.hpp"

namespace fermata::http {

ClientOrigin client_origin(const Peer& peer, const RequestHead& head, const std::string& prefix,
                           const std::string& local) {
  return {peer.address, (peer.tls ? "https://" : "http://") + (head.host.empty() ? local : head.host) + prefix};
}

}  // namespace fermata::http
