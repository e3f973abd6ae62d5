#pragma once
#include <functional>
#include <list>

#include "durable_queue.hpp"
#include "fermata/http_router.hpp"

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
  using Answer = std::function<void(HttpRequest&, HttpResponse&)>;
  class Handler final : public HttpHandler {
   public:
    explicit Handler(Answer answer) : answer_(std::move(answer)) {}
    void handle(HttpRequest& request, HttpResponse& response) override { answer_(request, response); }

   private:
    const Answer answer_;
  };

  /// The job that a request names, for who has added it or may manage jobs of others.
  uint64_t own_id_of(HttpRequest& request, std::string_view what_for);
  void list(HttpResponse& response);
  void cancel(HttpRequest& request, HttpResponse& response);
  void retry(HttpRequest& request, HttpResponse& response);
  void forget(HttpRequest& request, HttpResponse& response);

  DurableQueue& queue_;
  std::list<Handler> handlers_;
};

}  // namespace fermata::jobs
