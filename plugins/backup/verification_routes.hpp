#pragma once
#include "fermata/audit_trail.hpp"
#include "fermata/http_router.hpp"
#include "verification.hpp"

namespace fermata::backup {

/// GET /api/verification: what the last one has found. POST /api/verification: one more, now; `node` in its
/// JSON body is asked to send what is damaged.
///
/// **Thread**: any. **Ownership**: borrows the verification; lives until `stop`. **Errors**: as HttpHandler says.
class VerificationRoutes final : public HttpHandler {
 public:
  /// `trail` may be null.
  VerificationRoutes(Verification& verification, AuditTrail* trail) : verification_(verification), trail_(trail) {}
  void add_to(HttpRouter& router);
  void handle(HttpRequest& request, HttpResponse& response) override;

 private:
  void take_down(HttpRequest& request, uint64_t job) const;

  Verification& verification_;
  AuditTrail* const trail_;
};

}  // namespace fermata::backup
