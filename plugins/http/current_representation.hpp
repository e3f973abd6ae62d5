#pragma once
#include <string>

#include "fermata/http_router.hpp"

namespace fermata::http {

/// What a GET would answer now, as far as conditions on it ask: its status and its fields. The body is not made.
///
/// **Thread**: one.
class CurrentRepresentation final : public HttpResponse {
 public:
  void get(HttpHandler& handler, HttpRequest& request);

  bool exists() const { return status_ < 300; }
  const std::string& etag() const { return etag_; }
  const std::string& last_modified() const { return last_modified_; }

  void status(uint32_t code) override { status_ = code; }
  void header(std::string_view name, std::string_view value) override;
  void write(std::span<const std::byte>) override;
  void flush() override {}

 private:
  uint32_t status_ = 200;
  bool complete_ = false;
  std::string etag_, last_modified_;
};

}  // namespace fermata::http
