#pragma once
#include <atomic>
#include <string>

#include "access.hpp"
#include "client_origin.hpp"
#include "cors.hpp"
#include "fermata/journal.hpp"
#include "input_buffer.hpp"
#include "request_head.hpp"
#include "route_table.hpp"
#include "settings.hpp"
#include "traffic.hpp"
#include "transport.hpp"

namespace fermata::http {

/// What becomes of a connection after a request.
enum class After { next, close, cut };

/// Everything that answers requests: the routes and the rules around them. It knows no sockets' life.
///
/// **Thread**: any number at once. **Ownership**: what is given to the constructor stays the caller's.
class Site {
 public:
  Site(Settings settings, const RouteTable& routes, Traffic& traffic, const Journal& journal);

  const Settings& settings() const { return settings_; }
  const RouteTable& routes() const { return routes_; }
  const Journal& journal() const { return journal_; }
  const Access& access() const { return access_; }
  const Cors& cors() const { return cors_; }
  Traffic& traffic() const { return traffic_; }

  /// Before the first request. Null: nobody can log in.
  void use(Authenticator* authenticator) { access_.use(authenticator); }

  /// Whether the program's keepers ask: they get an answer also when all workers are busy.
  bool is_urgent(const RequestHead& head) const;

  /// Says once what an administrator has to do.
  void tell_of_unknown_proxy(const std::string& address) const;

  /// Answers one request, on a thread that may wait. `received` is what came after its head. `last`: the connection is
  /// to be closed after it.
  After answer(const Peer& peer, const RequestHead& head, InputBuffer& received, Transport& transport, bool last) const;
  /// An answer to what is no request, or to nobody in particular: the whole message.
  std::string refusal(const class Problem& problem) const;

 private:
  const Settings settings_;
  const RouteTable& routes_;
  Traffic& traffic_;
  const Journal& journal_;
  Access access_;
  const Cors cors_;
  mutable std::atomic<bool> told_of_proxy_{false};
  const std::string here_;  ///< what to call this server where the client does not say
};

/// `path` without the server's prefix, if it has that.
std::string_view without_prefix(std::string_view path, std::string_view prefix);

}  // namespace fermata::http
