#include "problem.hpp"

#include <boost/json.hpp>
#include <span>

namespace fermata::accounts {
namespace {

std::string_view title_of(uint32_t status) {
  switch (status) {
    case 401:
      return "Unauthorized";
    case 413:
      return "Content Too Large";
    case 415:
      return "Unsupported Media Type";
    case 429:
      return "Too Many Requests";
    default:
      return "Refused";
  }
}

}  // namespace

void answer(HttpResponse& response, const Problem& problem) {
  const auto body = boost::json::serialize(boost::json::object{{"type", "about:blank"},
                                                               {"title", title_of(problem.status())},
                                                               {"status", problem.status()},
                                                               {"detail", problem.what()}});
  response.status(problem.status());
  response.header("Content-Type", "application/problem+json");
  response.header("Cache-Control", "no-store");
  if (problem.retry_after() > 0) response.header("Retry-After", std::to_string(problem.retry_after()));
  response.write(std::as_bytes(std::span(body)));
}

}  // namespace fermata::accounts
