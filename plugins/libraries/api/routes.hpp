#pragma once
#include <functional>
#include <list>
#include <string_view>

#include "api/operation.hpp"
#include "fermata/http_router.hpp"

namespace fermata::api {

/// Adds functions as handlers of routes, each with its description for OpenAPI.
///
/// **Thread**: `add` in `start`; the functions are called by any number of threads at once. **Ownership**: keeps the
/// functions, and lives until `stop`. **Errors**: those of HttpRouter.
class Routes {
 public:
  using Answer = std::function<void(HttpRequest&, HttpResponse&)>;

  explicit Routes(HttpRouter& router) : router_(router) {}
  Routes(const Routes&) = delete;
  Routes& operator=(const Routes&) = delete;

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

}  // namespace fermata::api
