#pragma once
#include <string_view>

#include "api/json_answer.hpp"
#include "api/routes.hpp"

namespace fermata::accounts {

/// `api::Routes` whose functions may refuse with a Problem, or with TooManyLogins (429).
class ApiRoutes {
 public:
  using Answer = api::Routes::Answer;

  explicit ApiRoutes(HttpRouter& router) : routes_(router) {}
  void add(std::string_view method, std::string_view path, std::string_view permission, const api::Operation& operation,
           Answer handle);

 private:
  api::Routes routes_;
};

/// 204. Nobody keeps a copy of it.
void send_nothing(HttpResponse& response);

}  // namespace fermata::accounts
