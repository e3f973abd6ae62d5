#pragma once
#include <optional>
#include <string>

#include "api/routes.hpp"
#include "audit_notes.hpp"
#include "fermata/application_entities.hpp"
#include "fermata/station_directory.hpp"
#include "nodes/echo.hpp"

namespace fermata::admin {

/// DICOM nodes, who has called without being one, and stations that announce themselves: /api/nodes, /api/knocking,
/// /api/stations.
///
/// **Thread**: any. **Ownership**: borrows all it is given. **Errors**: as HttpHandler says; unsupported where a plugin
/// that is needed is not there.
class NodeRoutes {
 public:
  /// `echo` and `stations` may be null.
  NodeRoutes(ApplicationEntities& entities, Echo* echo, StationDirectory* stations, const AuditNotes& audit)
      : entities_(entities), echo_(echo), stations_(stations), audit_(audit) {}
  void add_to(api::Routes& routes);

 private:
  void add_node_routes(api::Routes& routes);
  void add_caller_routes(api::Routes& routes);

  void list(HttpResponse& response) const;
  void put(HttpRequest& request, HttpResponse& response);
  void remove(HttpRequest& request, HttpResponse& response);
  void echo(HttpRequest& request, HttpResponse& response) const;
  void knocking(HttpResponse& response) const;
  void admit(HttpRequest& request, HttpResponse& response);
  void forget(HttpRequest& request, HttpResponse& response);
  void stations(HttpResponse& response) const;

  boost::json::object shown(const ApplicationEntity& node) const;
  std::optional<boost::json::object> find(std::string_view ae_title) const;
  std::string wanted_by(std::string_view ae_title, std::string_view address) const;

  ApplicationEntities& entities_;
  Echo* const echo_;
  StationDirectory* const stations_;
  const AuditNotes audit_;
};

}  // namespace fermata::admin
