#include "current_representation.hpp"

#include "fermata/error.hpp"
#include "fields.hpp"
#include "problem.hpp"

namespace fermata::http {

void CurrentRepresentation::get(HttpHandler& handler, HttpRequest& request) {
  try {
    handler.handle(request, *this);
  } catch (const Error& error) {
    if (complete_) return;
    status_ = problem_of(error).status();
    if (status_ >= 500) throw;
  }
}

void CurrentRepresentation::header(std::string_view name, std::string_view value) {
  if (equal_in_any_case(name, "ETag")) etag_ = value;
  if (equal_in_any_case(name, "Last-Modified")) last_modified_ = value;
}

void CurrentRepresentation::write(std::span<const std::byte>) {
  complete_ = true;
  throw Error(Code::cancelled, "nothing but the fields is wanted");
}

}  // namespace fermata::http
