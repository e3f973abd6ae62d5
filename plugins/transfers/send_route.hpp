#pragma once
#include <optional>

#include "api/routes.hpp"
#include "fermata/application_entities.hpp"
#include "fermata/archive.hpp"
#include "fermata/http_router.hpp"
#include "fermata/job_queue.hpp"
#include "send_parameters.hpp"

namespace fermata::transfers {

/// POST /api/send: adds a job of the kind "send".
///
/// **Thread**: any. **Ownership**: borrows all; lives until `stop`. **Errors**: as HttpHandler says; not_found for a
/// node that is not known, and for a study that is not there or that the sender may not know of.
class SendRoute {
 public:
  SendRoute(Archive& archive, ApplicationEntities& nodes, JobQueue& queue)
      : archive_(archive), nodes_(nodes), queue_(queue) {}
  void add_to(HttpRouter& router);

 private:
  void send(HttpRequest& request, HttpResponse& response);
  void check_node(const std::string& ae_title);
  void check_study(HttpRequest& request, const std::string& uid);
  void check_series(HttpRequest& request, const std::string& uid);

  Archive& archive_;
  ApplicationEntities& nodes_;
  JobQueue& queue_;
  std::optional<api::Routes> routes_;
};

}  // namespace fermata::transfers
