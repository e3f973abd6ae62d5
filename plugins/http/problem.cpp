#include "problem.hpp"

#include <array>

#include "json_text.hpp"

namespace fermata::http {
namespace {

struct Phrase {
  unsigned status;
  std::string_view text;
};

constexpr std::array kPhrases{Phrase{100, "Continue"},
                              Phrase{200, "OK"},
                              Phrase{201, "Created"},
                              Phrase{202, "Accepted"},
                              Phrase{204, "No Content"},
                              Phrase{206, "Partial Content"},
                              Phrase{301, "Moved Permanently"},
                              Phrase{302, "Found"},
                              Phrase{303, "See Other"},
                              Phrase{304, "Not Modified"},
                              Phrase{307, "Temporary Redirect"},
                              Phrase{308, "Permanent Redirect"},
                              Phrase{400, "Bad Request"},
                              Phrase{401, "Unauthorized"},
                              Phrase{403, "Forbidden"},
                              Phrase{404, "Not Found"},
                              Phrase{405, "Method Not Allowed"},
                              Phrase{406, "Not Acceptable"},
                              Phrase{408, "Request Timeout"},
                              Phrase{409, "Conflict"},
                              Phrase{410, "Gone"},
                              Phrase{411, "Length Required"},
                              Phrase{412, "Precondition Failed"},
                              Phrase{413, "Content Too Large"},
                              Phrase{414, "URI Too Long"},
                              Phrase{415, "Unsupported Media Type"},
                              Phrase{416, "Range Not Satisfiable"},
                              Phrase{417, "Expectation Failed"},
                              Phrase{422, "Unprocessable Content"},
                              Phrase{429, "Too Many Requests"},
                              Phrase{431, "Request Header Fields Too Large"},
                              Phrase{500, "Internal Server Error"},
                              Phrase{501, "Not Implemented"},
                              Phrase{502, "Bad Gateway"},
                              Phrase{503, "Service Unavailable"},
                              Phrase{504, "Gateway Timeout"},
                              Phrase{505, "HTTP Version Not Supported"},
                              Phrase{507, "Insufficient Storage"}};

constexpr std::array<std::string_view, 5> kClasses{"Continue", "OK", "Multiple Choices", "Bad Request",
                                                   "Internal Server Error"};

unsigned status_of(Code code) {
  switch (code) {
    case Code::invalid:
      return 400;
    case Code::refused:
      return 403;
    case Code::not_found:
      return 404;
    case Code::conflict:
      return 409;
    case Code::unsupported:
      return 501;
    case Code::unavailable:
    case Code::out_of_memory:
      return 503;
    case Code::no_space:
      return 507;
    default:
      return 500;
  }
}

}  // namespace

std::string_view reason_phrase(unsigned status) {
  for (const auto& phrase : kPhrases)
    if (phrase.status == status) return phrase.text;
  return status >= 100 && status < 600 ? kClasses[status / 100 - 1] : kClasses.back();
}

Problem problem_of(const Error& error) {
  const auto status = status_of(error.code());
  if (status == 500)
    return {status, "The server failed to answer. Its log says why, under the number of this request."};
  Fields fields;
  if (status == 503) fields.set("Retry-After", "5");
  return {status, error.what(), fields};
}

std::string problem_body(const Problem& problem, std::string_view instance) {
  std::string body = R"({"type":"about:blank","title":)";
  append_json(body, reason_phrase(problem.status()));
  body += R"(,"status":)" + std::to_string(problem.status()) + R"(,"detail":)";
  append_json(body, problem.what());
  body += R"(,"instance":)";
  append_json(body, instance);
  return body + "}\n";
}

}  // namespace fermata::http
