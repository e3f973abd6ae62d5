#pragma once
#include <mutex>
#include <string>
#include <vector>

#include "fermata/http_router.hpp"

namespace fermata::testing {

/// The routes that a plugin adds, for whoever calls them in place of a server. **Thread**: any. **Ownership**: the
/// handlers are their plugin's.
class RegisteredRoutes final : public HttpRouter {
 public:
  struct Route {
    std::string method;
    std::string path;
    std::string permission;
    HttpHandler* handler = nullptr;
  };
  void add(const HttpRoute& route, HttpHandler& handler) override {
    const std::lock_guard lock(mutex_);
    list_.push_back({std::string(route.method), std::string(route.path), std::string(route.permission), &handler});
  }
  std::vector<Route> list() const {
    const std::lock_guard lock(mutex_);
    return list_;
  }
  void clear() {
    const std::lock_guard lock(mutex_);
    list_.clear();
  }

 private:
  mutable std::mutex mutex_;
  std::vector<Route> list_;
};

}  // namespace fermata::testing
