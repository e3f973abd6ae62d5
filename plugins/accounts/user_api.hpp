#pragma once
#include "account_services.hpp"
#include "api_routes.hpp"
#include "request_object.hpp"

namespace fermata::accounts {

/// What administrators do with accounts: /api/users and /api/roles.
///
/// **Thread**: any. **Ownership**: the services outlive it. **Errors**: as HttpHandler says.
class UserApi {
 public:
  explicit UserApi(AccountServices& services) : services_(services) {}
  void add_to(ApiRoutes& routes);

 private:
  void add_account_routes(ApiRoutes& routes);
  void add_secret_routes(ApiRoutes& routes);
  void add(HttpRequest& request, HttpResponse& response);
  void change(HttpRequest& request, HttpResponse& response);
  void remove(HttpRequest& request, HttpResponse& response);
  void reset(HttpRequest& request, HttpResponse& response);
  std::string make_link(HttpRequest& request, std::string_view name);
  KnownAccount named(HttpRequest& request);
  void tell(HttpRequest& request, std::string_view name, std::string_view how) const;

  AccountServices& services_;
};

}  // namespace fermata::accounts
