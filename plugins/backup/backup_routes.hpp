#pragma once
#include <optional>

#include "api/routes.hpp"
#include "backup_watch.hpp"

namespace fermata::backup {

/// GET /api/backups: what there is in the configured destination, and whether all is well. POST /api/backups: a backup
/// there, now.
///
/// **Thread**: any. **Ownership**: borrows all; lives until `stop`. **Errors**: as HttpHandler says; conflict: one is
/// being made, or no destination is configured.
class BackupRoutes {
 public:
  BackupRoutes(BackupWatch& watch, JobQueue& queue) : watch_(watch), queue_(queue) {}
  void add_to(HttpRouter& router);

 private:
  void list(HttpResponse& response);
  void begin(HttpRequest& request, HttpResponse& response);

  BackupWatch& watch_;
  JobQueue& queue_;
  std::optional<api::Routes> routes_;
};

}  // namespace fermata::backup
