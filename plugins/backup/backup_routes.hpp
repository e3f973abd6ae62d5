#pragma once
#include "backup_watch.hpp"
#include "fermata/http_router.hpp"

namespace fermata::backup {

/// GET /api/backups: what there is in the configured destination, and whether all is well. POST /api/backups: a backup
/// there, now.
///
/// **Thread**: any. **Ownership**: borrows all; lives until `stop`. **Errors**: as HttpHandler says; conflict: one is
/// being made, or no destination is configured.
class BackupRoutes final : public HttpHandler {
 public:
  BackupRoutes(BackupWatch& watch, JobQueue& queue) : watch_(watch), queue_(queue) {}
  void add_to(HttpRouter& router);
  void handle(HttpRequest& request, HttpResponse& response) override;

 private:
  void list(HttpResponse& response);
  void begin(HttpRequest& request, HttpResponse& response);

  BackupWatch& watch_;
  JobQueue& queue_;
};

}  // namespace fermata::backup
