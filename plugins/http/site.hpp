#pragma once
#include <cstdint>
#include <string>

#include "client_origin.hpp"
#include "fermata/journal.hpp"
#include "input_buffer.hpp"
#include "request_head.hpp"
#include "route_table.hpp"
#include "settings.hpp"
#include "transport.hpp"

namespace fermata::http {

/// What becomes of a connection after a request.
enum class After { next, close, cut };

/// Everything that answers requests: the routes and the rules around them. It knows no sockets' life.
///
/// **Thread**: any number at once. **Ownership**: the routes and the journal stay the caller's.
class Site {
 public:
  Site(Settings settings, const RouteTable& routes, const Journal& journal);

  const Settings& settings() const { return settings_; }
  const Journal& journal() const { return journal_; }
  void name_itself(std::string authority) { authority_ = std::move(authority); }  ///< before requests come

  /// Answers one request, on a thread that may wait. `received` is what came after its head. `last`: the connection is
  /// to be closed after it.
  After answer(const Peer& peer, const RequestHead& head, InputBuffer& received, Transport& transport, bool last) const;
  /// An answer to what is no request, or to nobody in particular: the whole message.
  std::string refusal(const class Problem& problem) const;

 private:
  Settings settings_;
  const RouteTable& routes_;
  const Journal& journal_;
  std::string authority_ = "localhost";
};

}  // namespace fermata::http
