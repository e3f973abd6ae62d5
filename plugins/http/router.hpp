#pragma once
#include <atomic>

#include "fermata/http_router.hpp"
#include "route_table.hpp"

namespace fermata::http {

/// Takes routes from plugins while they start.
///
/// **Thread**: `add` by one at a time, until `close`. **Errors**: those of RouteTable; unavailable after `close`.
class Router final : public HttpRouter {
 public:
  void add(const HttpRoute& route, HttpHandler& handler) override;
  std::unique_ptr<HttpRouteCursor> routes() override;
  void close() { closed_ = true; }  ///< requests may come: the routes stay as they are
  const RouteTable& table() const { return table_; }

 private:
  RouteTable table_;
  std::atomic<bool> closed_{false};
};

}  // namespace fermata::http
