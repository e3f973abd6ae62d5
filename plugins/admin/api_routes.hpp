#pragma once
#include <functional>
#include <list>
#include <string_view>

#include "fermata/http_router.hpp"
#include "operation.hpp"

namespace fermata::admin {

/// Adds functions as handlers of routes, each with its description for OpenAPI.
///
/// **Thread**: `add` in `start`; the functions are called by any number of threads at once. **Ownership**: keeps the
/// functions, and lives until `stop`. **Errors**: those of HttpRouter.
class ApiRoutes {
 public:
  using Answer = std::function<void(HttpRequest&, HttpResponse&)>;

  explicit ApiRoutes(HttpRouter& router) : router_(router) {}
  ApiRoutes(const ApiRoutes&) = delete;
  ApiRoutes& operator=(const ApiRoutes&) = delete;

  void add(std::string_view method, std::string_view path, std::string_view permission, const Operation& operation,
           Answer answer);

 private:
  class Handler final : public HttpHandler {
   public:
    explicit Handler(Answer answer) : answer_(std::move(answer)) {}
    void handle(HttpRequest& request, HttpResponse& response) override { answer_(request, response); }

   private:
    const Answer answer_;
  };

  HttpRouter& router_;
  std::list<Handler> handlers_;
};

}  // namespace fermata::admin
