#include "api_routes.hpp"

#include <utility>

#include "login_throttle.hpp"
#include "problem.hpp"

namespace fermata::accounts {

void ApiRoutes::add(std::string_view method, std::string_view path, std::string_view permission,
                    const api::Operation& operation, Answer handle) {
  routes_.add(method, path, permission, operation,
              [handle = std::move(handle)](HttpRequest& request, HttpResponse& response) {
                try {
                  handle(request, response);
                } catch (const Problem& problem) {
                  answer(response, problem);
                } catch (const TooManyLogins& error) {
                  answer(response, Problem(429, error.what(), error.seconds()));
                }
              });
}

void send_nothing(HttpResponse& response) {
  response.status(204);
  response.header("Cache-Control", "no-store");
}

}  // namespace fermata::accounts
