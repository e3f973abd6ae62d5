#pragma once
#include <memory>
#include <mutex>
#include <string>
#include <utility>
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
    std::string operation;
  };
  void add(const HttpRoute& route, HttpHandler& handler) override {
    const std::lock_guard lock(mutex_);
    list_.push_back({std::string(route.method), std::string(route.path), std::string(route.permission), &handler,
                     std::string(route.operation)});
  }
  std::unique_ptr<HttpRouteCursor> routes() override { return std::make_unique<Cursor>(list()); }
  std::vector<Route> list() const {
    const std::lock_guard lock(mutex_);
    return list_;
  }
  void clear() {
    const std::lock_guard lock(mutex_);
    list_.clear();
  }

 private:
  class Cursor final : public HttpRouteCursor {
   public:
    explicit Cursor(std::vector<Route> list) : list_(std::move(list)) {}
    bool next(HttpRoute& route) override {
      if (at_ == list_.size()) return false;
      const auto& r = list_[at_++];
      route = {r.method, r.path, r.permission, r.operation};
      return true;
    }

   private:
    std::vector<Route> list_;
    std::size_t at_ = 0;
  };

  mutable std::mutex mutex_;
  std::vector<Route> list_;
};

}  // namespace fermata::testing
