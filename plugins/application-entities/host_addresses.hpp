#pragma once
#include <chrono>
#include <functional>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "fermata/ip_address.hpp"

namespace fermata::application_entities {

/// Remembers the addresses of the nodes' hosts, so that a caller's address can be compared without asking a name
/// server.
///
/// Names are looked up in the background and again from time to time; a name that can't be looked up keeps the
/// addresses it had. Asking for an address that a name doesn't have brings its next look-up forward.
/// **Thread**: any. `has` never waits. **Ownership**: a look-up that hangs outlives this object, and ends by itself.
class HostAddresses {
 public:
  /// Returns no address if the host can't be found; doesn't throw. It may take its time.
  using Lookup = std::function<std::vector<IpAddress>(const std::string& host)>;

  HostAddresses(Lookup lookup, std::chrono::milliseconds refresh_after);
  ~HostAddresses();
  HostAddresses(const HostAddresses&) = delete;
  HostAddresses& operator=(const HostAddresses&) = delete;

  /// From now on these, and no others. Numeric addresses need no look-up.
  void watch(const std::set<std::string>& hosts);
  bool has(const std::string& host, const IpAddress& address);
  /// Waits until every name has been looked up once; false if that takes longer.
  bool wait_until_known(std::chrono::milliseconds timeout);

 private:
  struct State;
  std::shared_ptr<State> state_;
};

/// Asks the system (getaddrinfo).
std::vector<IpAddress> look_up(const std::string& host);

}  // namespace fermata::application_entities
