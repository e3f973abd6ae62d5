#pragma once
#include "fermata/host_status.hpp"
#include "fermata/http_router.hpp"

namespace fermata::http {

/// /healthz: the program is there.
class AlivePage final : public HttpHandler {
 public:
  void handle(HttpRequest& request, HttpResponse& response) override;
};

/// /readyz: 200 when every plugin serves that the program needs, 503 otherwise; with the names of those that don't,
/// and of what fails.
///
/// Its `status` is ready, or degraded (200, without some that are not required); starting, stopping or incomplete (503,
/// without one that is required). Who may read the system's state is told the reasons too.
///
/// **Thread**: any number at once. **Ownership**: the status stays the caller's.
class ReadyPage final : public HttpHandler {
 public:
  explicit ReadyPage(HostStatus& status) : status_(status) {}
  void handle(HttpRequest& request, HttpResponse& response) override;

 private:
  HostStatus& status_;
};

}  // namespace fermata::http
