#pragma once
#include <functional>

#include "api/routes.hpp"
#include "fermata/application_entities.hpp"
#include "fermata/archive.hpp"
#include "nodes/connection.hpp"
#include "nodes/echo.hpp"
#include "nodes/language.hpp"
#include "nodes/node_draft.hpp"
#include "nodes/tcp_probe.hpp"

namespace fermata::admin {

/// Tries a connection step by step and says in plain words what to do where it fails:
/// POST /api/nodes/{ae_title}/assistant.
///
/// Each step is a line of JSON that goes out when it has ended. With a test image both directions are tried where the
/// other side lets itself be asked: it is sent there, and comes back by C-MOVE and by C-GET; what has come back is
/// removed from this archive again. Otherwise, whether the other side reaches us shows when it calls.
/// **Thread**: any. **Ownership**: borrows all it is given. **Errors**: not_found, and unsupported without dimse.
class Assistant {
 public:
  using Probe = std::function<TcpProbe(const std::string& host, uint16_t port)>;

  /// `client` and `echo` may be null.
  Assistant(ApplicationEntities& entities, Archive& archive, DimseClient* client, Echo* echo, OwnNode own, Probe probe)
      : entities_(entities),
        archive_(archive),
        client_(client),
        echo_(echo),
        own_(std::move(own)),
        probe_(std::move(probe)) {}
  void add_to(api::Routes& routes);

 private:
  class Run;
  void answer(HttpRequest& request, HttpResponse& response) const;

  ApplicationEntities& entities_;
  Archive& archive_;
  DimseClient* const client_;
  Echo* const echo_;
  const OwnNode own_;
  const Probe probe_;
};

}  // namespace fermata::admin
