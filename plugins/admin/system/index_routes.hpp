#pragma once
#include "api/routes.hpp"
#include "audit_notes.hpp"
#include "fermata/index_renewal.hpp"
#include "fermata/job_queue.hpp"

namespace fermata::admin {

/// Has the index made anew: /api/index. The archive does it, as a job of the kind "reindex".
///
/// **Thread**: any. **Ownership**: borrows all it is given. **Errors**: as HttpHandler says; conflict where it is being
/// made already, unsupported where this archive can't make it while it runs.
class IndexRoutes {
 public:
  /// Both may be null.
  IndexRoutes(IndexRenewal* renewal, JobQueue* jobs, AuditNotes audit)
      : renewal_(renewal), jobs_(jobs), audit_(audit) {}
  void add_to(api::Routes& routes);

 private:
  uint64_t pending() const;
  void state(HttpResponse& response) const;
  void renew(HttpRequest& request, HttpResponse& response) const;
  bool possible() const { return renewal_ != nullptr && jobs_ != nullptr; }

  IndexRenewal* const renewal_;
  JobQueue* const jobs_;
  const AuditNotes audit_;
};

}  // namespace fermata::admin
