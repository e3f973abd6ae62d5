#pragma once
#include <functional>

#include "fermata/http_router.hpp"
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
  template <void (AuditRoutes::*Answer)(HttpRequest&, HttpResponse&)>
  class Handler final : public HttpHandler {
   public:
    explicit Handler(AuditRoutes& routes) : routes_(routes) {}
    void handle(HttpRequest& request, HttpResponse& response) override { (routes_.*Answer)(request, response); }

   private:
    AuditRoutes& routes_;
  };

  void page(HttpRequest& request, HttpResponse& response);
  void csv(HttpRequest& request, HttpResponse& response);
  void note(HttpRequest& request, std::string_view detail);

  AuditTrail& trail_;
  const TrailReader reader_;
  Handler<&AuditRoutes::page> page_{*this};
  Handler<&AuditRoutes::csv> csv_{*this};
};

}  // namespace fermata::audit_trail
