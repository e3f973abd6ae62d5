#pragma once
#include <optional>

#include "api/routes.hpp"
#include "trail_reader.hpp"

namespace fermata::audit_trail {

/// The trail over HTTP: page by page in JSON, and whole as CSV. That somebody reads it is an event itself.
///
/// **Thread**: any. **Ownership**: borrows all; lives until `stop`. **Errors**: as HttpHandler says.
class AuditRoutes {
 public:
  AuditRoutes(AuditTrail& trail, TrailReader reader) : trail_(trail), reader_(reader) {}
  AuditRoutes(const AuditRoutes&) = delete;
  AuditRoutes& operator=(const AuditRoutes&) = delete;
  void add_to(HttpRouter& router);

 private:
  void page(HttpRequest& request, HttpResponse& response);
  void csv(HttpRequest& request, HttpResponse& response);
  void note(HttpRequest& request, std::string_view detail);

  AuditTrail& trail_;
  const TrailReader reader_;
  std::optional<api::Routes> routes_;
};

}  // namespace fermata::audit_trail
