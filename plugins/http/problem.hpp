#pragma once
#include <stdexcept>
#include <string>
#include <string_view>

#include "fermata/error.hpp"
#include "fields.hpp"

namespace fermata::http {

std::string_view reason_phrase(unsigned status);  ///< RFC 9110 15; of an unknown status that of its class

/// A request that is answered by the server itself instead of its handler: a status and what to do about it.
///
/// **Thread**: a value that is thrown. `what()` is the detail of the answer's problem body (RFC 9457).
class Problem : public std::runtime_error {
 public:
  Problem(unsigned status, const std::string& detail, Fields fields = {})
      : std::runtime_error(detail), status_(status), fields_(std::move(fields)) {}
  unsigned status() const { return status_; }
  const Fields& fields() const { return fields_; }  ///< of the answer, such as Retry-After

 private:
  unsigned status_;
  Fields fields_;
};

/// What an Error of a handler becomes (see HttpHandler). Defects are not described to the client: the log has them.
Problem problem_of(const Error& error);

/// The body, application/problem+json. `instance` is the request's id.
std::string problem_body(const Problem& problem, std::string_view instance);

}  // namespace fermata::http
