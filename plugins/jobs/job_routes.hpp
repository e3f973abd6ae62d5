#pragma once
#include <optional>

#include "api/routes.hpp"
#include "durable_queue.hpp"

namespace fermata::jobs {

/// The queue over HTTP: lists jobs, cancels them, tries them again, and takes them off the list.
///
/// Who added a job may do all of that with it; jobs of others take the permission jobs.manage. **Thread**: `add_to` in
/// `start`; requests any. **Ownership**: the queue outlives it; it lives until `stop`. **Errors**: as HttpHandler says.
class JobRoutes {
 public:
  explicit JobRoutes(DurableQueue& queue) : queue_(queue) {}
  JobRoutes(const JobRoutes&) = delete;
  JobRoutes& operator=(const JobRoutes&) = delete;
  void add_to(HttpRouter& router);

 private:
  /// The job that a request names, for who has added it or may manage jobs of others.
  uint64_t own_id_of(HttpRequest& request, std::string_view what_for);
  void list(HttpResponse& response);
  void cancel(HttpRequest& request, HttpResponse& response);
  void retry(HttpRequest& request, HttpResponse& response);
  void forget(HttpRequest& request, HttpResponse& response);

  DurableQueue& queue_;
  std::optional<api::Routes> routes_;
};

}  // namespace fermata::jobs
