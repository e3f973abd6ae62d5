#pragma once
#include "account_services.hpp"
#include "api_routes.hpp"

namespace fermata::accounts {

/// What people do with their own account: password, access tokens, sessions.
///
/// **Thread**: any. **Ownership**: the services outlive it. **Errors**: as HttpHandler says, and Problem 401 and 429.
class OwnApi {
 public:
  explicit OwnApi(AccountServices& services) : services_(services) {}
  void add_to(ApiRoutes& routes);

 private:
  void change_password(HttpRequest& request, HttpResponse& response);
  void add_token(HttpRequest& request, HttpResponse& response);
  /// The person who sends the request, if nothing else is to be done first.
  Caller settled_person(HttpRequest& request);

  AccountServices& services_;
};

}  // namespace fermata::accounts
