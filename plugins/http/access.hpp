#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "client_origin.hpp"
#include "fermata/ip_network.hpp"
#include "problem.hpp"
#include "request_head.hpp"

namespace fermata::http {

struct AccessSettings {
  std::vector<IpNetwork> anonymous_networks;  ///< who may do everything without a login
  std::vector<std::string> server_names;      ///< how browsers may call this server, beside addresses and localhost
  std::vector<std::string> allowed_origins;   ///< other sites whose pages may use it; "*": all
};

/// Who may use a route that wants a permission.
///
/// There is no login: whoever calls from an anonymous network may. That trust is in people and programs on those
/// machines, not in web pages that they look at: a page that has found a way to the server under a name of its own (DNS
/// rebinding), or sends a form to it from another site, is kept out. **Thread**: any number at once.
class Access {
 public:
  explicit Access(AccessSettings settings) : settings_(std::move(settings)) {}

  /// What to answer instead; empty where the request may pass.
  std::optional<Problem> refusal(const ClientOrigin& origin, const RequestHead& head) const;
  bool allows_origin(std::string_view origin) const;

 private:
  bool is_anonymous(const ClientOrigin& origin) const;
  bool knows_name(std::string_view authority) const;
  bool comes_from_other_site(const ClientOrigin& origin, const RequestHead& head) const;

  AccessSettings settings_;
};

}  // namespace fermata::http
