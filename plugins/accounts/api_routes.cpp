#include "api_routes.hpp"

#include <span>

#include "login_throttle.hpp"
#include "problem.hpp"

namespace fermata::accounts {

void ApiRoutes::Handler::handle(HttpRequest& request, HttpResponse& response) {
  try {
    answer_(request, response);
  } catch (const Problem& problem) {
    answer(response, problem);
  } catch (const TooManyLogins& error) {
    answer(response, Problem(429, error.what(), error.seconds()));
  }
}

void ApiRoutes::add(std::string_view method, std::string_view path, std::string_view permission,
                    const std::string& operation, Answer answer) {
  router_.add({method, path, permission, operation}, handlers_.emplace_back(std::move(answer)));
}

void send(HttpResponse& response, uint32_t status, const boost::json::value& body) {
  const auto text = boost::json::serialize(body);
  response.status(status);
  response.header("Content-Type", "application/json");
  response.header("Cache-Control", "no-store");
  response.write(std::as_bytes(std::span(text)));
}

void send_nothing(HttpResponse& response) {
  response.status(204);
  response.header("Cache-Control", "no-store");
}

}  // namespace fermata::accounts
