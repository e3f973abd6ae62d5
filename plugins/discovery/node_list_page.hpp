#pragma once
#include <string>

#include "fermata/application_entities.hpp"
#include "fermata/http_router.hpp"
#include "own_service.hpp"

namespace fermata::discovery {

/// /DICOMNodes.plist: the archive, and where asked for the other nodes, as viewers of the OsiriX family load them
/// ("Locations", "Load", or their setting syncDICOMNodesURL).
///
/// The address is the one by which the viewer reached the page, so that it is right behind a proxy and by any name.
/// **Thread**: any number at once. **Ownership**: the nodes outlive it; null: the archive alone. **Errors**: those of
/// HttpHandler.
class NodeListPage final : public HttpHandler {
 public:
  /// `wado_uri`: path of that service, with a "/" in front; empty: there is none.
  NodeListPage(OwnService service, std::string wado_uri, ApplicationEntities* nodes);
  void handle(HttpRequest& request, HttpResponse& response) override;

 private:
  const OwnService service_;
  const std::string wado_uri_;
  ApplicationEntities* const nodes_;
};

}  // namespace fermata::discovery
