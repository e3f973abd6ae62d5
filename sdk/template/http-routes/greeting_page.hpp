#pragma once
#include <string>

#include "fermata/http_router.hpp"

namespace your_plugin {

/// `GET /your-plugin/{person}`: a greeting as JSON.
///
/// *Used by* the HTTP server. **Thread**: any number of requests at once. **Errors**: Error invalid (a person whose
/// name is too long), which the server answers with 400.
class GreetingPage final : public fermata::HttpHandler {
 public:
  explicit GreetingPage(std::string greeting) : greeting_(std::move(greeting)) {}
  void handle(fermata::HttpRequest& request, fermata::HttpResponse& response) override;

 private:
  const std::string greeting_;
};

}  // namespace your_plugin
