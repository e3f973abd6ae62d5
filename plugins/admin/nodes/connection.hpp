#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "api/routes.hpp"

namespace fermata::admin {

/// This archive as other nodes know it.
struct OwnNode {
  std::string ae_title;
  uint16_t port = 0;
};

/// Addresses of this machine's interfaces that others can reach, IPv4 first. **Errors**: none; then there are none.
std::vector<std::string> own_addresses();

/// What to type into the other side: GET /api/connection.
///
/// **Thread**: any. **Ownership**: borrows the router, which knows where DICOMweb is.
class Connection {
 public:
  Connection(OwnNode own, HttpRouter& router) : own_(std::move(own)), router_(router) {}
  void add_to(api::Routes& routes);

 private:
  void answer(HttpRequest& request, HttpResponse& response) const;

  const OwnNode own_;
  HttpRouter& router_;
};

}  // namespace fermata::admin
