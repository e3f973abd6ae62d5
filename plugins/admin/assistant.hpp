#pragma once
#include <functional>

#include "api_routes.hpp"
#include "connection.hpp"
#include "echo.hpp"
#include "fermata/application_entities.hpp"
#include "language.hpp"
#include "node_draft.hpp"
#include "tcp_probe.hpp"

namespace fermata::admin {

/// Tries a connection step by step and says in plain words what to do where it fails:
/// POST /api/nodes/{ae_title}/assistant.
///
/// Each step is a line of JSON that goes out when it has ended. What the other side would have to do to reach us can
/// only be told from whether it has called.
/// **Thread**: any. **Ownership**: borrows all it is given. **Errors**: not_found, and unsupported without dimse.
class Assistant {
 public:
  using Probe = std::function<TcpProbe(const std::string& host, uint16_t port)>;

  /// `client` and `echo` may be null.
  Assistant(ApplicationEntities& entities, DimseClient* client, Echo* echo, OwnNode own, Probe probe)
      : entities_(entities), client_(client), echo_(echo), own_(std::move(own)), probe_(std::move(probe)) {}
  void add_to(ApiRoutes& routes);

 private:
  class Run;
  void answer(HttpRequest& request, HttpResponse& response) const;

  ApplicationEntities& entities_;
  DimseClient* const client_;
  Echo* const echo_;
  const OwnNode own_;
  const Probe probe_;
};

}  // namespace fermata::admin
