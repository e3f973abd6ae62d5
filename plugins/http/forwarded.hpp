#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "fermata/ip_address.hpp"
#include "fields.hpp"

namespace fermata::http {

/// What one proxy says about a request that it passed on; what it does not say is empty.
struct ForwardedElement {
  std::string client;  ///< a node (RFC 7239 6): "192.0.2.43", "[2001:db8::17]:4711", "unknown"
  std::string scheme;  ///< in lower case
  std::string host;
};

/// Of a field Forwarded (RFC 7239 4), the nearest proxy last. What is malformed makes an element without a client.
std::vector<ForwardedElement> forwarded_elements(std::string_view field);
/// The same of X-Forwarded-For. The last values of X-Forwarded-Proto and -Host are the nearest proxy's.
std::vector<ForwardedElement> x_forwarded_elements(const Fields& fields);
/// The address of a node, without its port; empty if it is hidden.
std::optional<IpAddress> node_address(std::string_view node);

}  // namespace fermata::http
