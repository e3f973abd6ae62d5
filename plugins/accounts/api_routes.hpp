#pragma once
#include <boost/json.hpp>
#include <functional>
#include <list>
#include <string>
#include <string_view>

#include "fermata/http_router.hpp"

namespace fermata::accounts {

/// Adds functions as handlers of routes.
///
/// **Thread**: `add` in `start`; the functions are called by any number of threads at once. **Ownership**: keeps the
/// functions, and lives until `stop`. **Errors**: those of HttpRouter. A Problem that leaves a function becomes its
/// answer, and so does TooManyLogins (429).
class ApiRoutes {
 public:
  using Answer = std::function<void(HttpRequest&, HttpResponse&)>;

  explicit ApiRoutes(HttpRouter& router) : router_(router) {}
  ApiRoutes(const ApiRoutes&) = delete;
  ApiRoutes& operator=(const ApiRoutes&) = delete;

  /// `operation`: an OpenAPI Operation Object (operation.hpp).
  void add(std::string_view method, std::string_view path, std::string_view permission, const std::string& operation,
           Answer answer);

 private:
  class Handler final : public HttpHandler {
   public:
    explicit Handler(Answer answer) : answer_(std::move(answer)) {}
    void handle(HttpRequest& request, HttpResponse& response) override;

   private:
    const Answer answer_;
  };

  HttpRouter& router_;
  std::list<Handler> handlers_;
};

/// Nobody keeps a copy of what is said about accounts.
void send(HttpResponse& response, uint32_t status, const boost::json::value& body);
void send_nothing(HttpResponse& response);  ///< 204

}  // namespace fermata::accounts
