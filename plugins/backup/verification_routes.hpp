#pragma once
#include "fermata/http_router.hpp"
#include "verification.hpp"

namespace fermata::backup {

/// GET /api/verification: what the last one has found. POST /api/verification: one more, now; `node` in its
/// JSON body is asked to send what is damaged.
///
/// **Thread**: any. **Ownership**: borrows the verification; lives until `stop`. **Errors**: as HttpHandler says.
class VerificationRoutes final : public HttpHandler {
 public:
  explicit VerificationRoutes(Verification& verification) : verification_(verification) {}
  void add_to(HttpRouter& router);
  void handle(HttpRequest& request, HttpResponse& response) override;

 private:
  Verification& verification_;
};

}  // namespace fermata::backup
