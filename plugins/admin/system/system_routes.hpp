#pragma once
#include "api/routes.hpp"
#include "fermata/application_entities.hpp"
#include "fermata/host_status.hpp"
#include "fermata/job_queue.hpp"
#include "fermata/trash.hpp"
#include "system/health_report.hpp"
#include "system/storage_report.hpp"

namespace fermata::admin {

/// How the program is: /api/state, /api/health, /api/storage, /api/log, /api/settings, /api/openapi.json.
///
/// **Thread**: any. **Ownership**: borrows all it is given. **Errors**: as HttpHandler says.
class SystemRoutes {
 public:
  /// `jobs` and `trash` may be null.
  struct Services {
    HostStatus& host;
    HttpRouter& router;
    ApplicationEntities& entities;
    JobQueue* jobs;
    Trash* trash;
  };
  SystemRoutes(const Services& services, const StatisticsKeeper& keeper, const StorageReport& storage,
               const HealthReport& health)
      : services_(services), keeper_(keeper), storage_(storage), health_(health) {}
  void add_to(api::Routes& routes);

 private:
  void state(HttpRequest& request, HttpResponse& response) const;
  void statistics(HttpRequest& request, HttpResponse& response) const;
  void log(HttpRequest& request, HttpResponse& response) const;
  void settings(HttpResponse& response) const;
  void openapi(HttpRequest& request, HttpResponse& response) const;

  const Services services_;
  const StatisticsKeeper& keeper_;
  const StorageReport& storage_;
  const HealthReport& health_;
};

}  // namespace fermata::admin
