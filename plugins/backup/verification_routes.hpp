#pragma once
#include <optional>

#include "api/routes.hpp"
#include "fermata/audit_trail.hpp"
#include "verification.hpp"

namespace fermata::backup {

/// GET /api/verification: what the last one has found. POST /api/verification: one more, now; `node` in its
/// JSON body is asked to send what is damaged.
///
/// **Thread**: any. **Ownership**: borrows the verification; lives until `stop`. **Errors**: as HttpHandler says.
class VerificationRoutes {
 public:
  /// `trail` may be null.
  VerificationRoutes(Verification& verification, AuditTrail* trail) : verification_(verification), trail_(trail) {}
  void add_to(HttpRouter& router);

 private:
  void begin(HttpRequest& request, HttpResponse& response);
  void show(HttpResponse& response);
  void take_down(HttpRequest& request, uint64_t job) const;

  Verification& verification_;
  AuditTrail* const trail_;
  std::optional<api::Routes> routes_;
};

}  // namespace fermata::backup
