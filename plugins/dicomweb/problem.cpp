#include "problem.hpp"

#include "fermata/dicom/json_text.hpp"

namespace fermata::dicomweb {
namespace {

std::string_view title(uint32_t status) {
  switch (status) {
    case 404:
      return "Not Found";
    case 406:
      return "Not Acceptable";
    case 410:
      return "Gone";
    case 413:
      return "Content Too Large";
    case 415:
      return "Unsupported Media Type";
    case 429:
      return "Too Many Requests";
    case 501:
      return "Not Implemented";
    case 503:
      return "Service Unavailable";
    default:
      return "Bad Request";
  }
}

}  // namespace

void refuse_as_not_acceptable(const std::string& available) {
  throw Problem(406, "nothing of what is accepted can be given; available: " + available);
}

void answer(HttpResponse& response, const Problem& problem) {
  std::string body = R"({"type":"about:blank","title":")";
  body += title(problem.status());
  body += R"(","status":)" + std::to_string(problem.status()) + R"(,"detail":)";
  dicom::json::append_string(body, problem.what());
  body += '}';
  response.status(problem.status());
  response.header("Content-Type", "application/problem+json");
  if (problem.status() == 503) response.header("Retry-After", "30");
  response.write(std::as_bytes(std::span(body)));
}

}  // namespace fermata::dicomweb
