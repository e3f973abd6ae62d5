#pragma once
#include "account_services.hpp"
#include "api_routes.hpp"

namespace fermata::accounts {

/// Logging in and out, and links that set a password: /api/session and /api/setup.
///
/// **Thread**: any. **Ownership**: the services outlive it. **Errors**: as HttpHandler says, and Problem 401 and 429.
class SessionApi {
 public:
  explicit SessionApi(AccountServices& services) : services_(services) {}
  void add_to(ApiRoutes& routes);

 private:
  void show(HttpRequest& request, HttpResponse& response);
  void log_in(HttpRequest& request, HttpResponse& response);
  void log_out(HttpRequest& request, HttpResponse& response);
  void show_setup(HttpRequest& request, HttpResponse& response);
  void set_up(HttpRequest& request, HttpResponse& response);
  void open_session(const KnownAccount& account, HttpRequest& request, HttpResponse& response);
  void end_session(HttpRequest& request);

  AccountServices& services_;
};

}  // namespace fermata::accounts
