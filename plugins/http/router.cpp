#include "router.hpp"

#include <algorithm>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "fermata/error.hpp"

namespace fermata::http {

namespace {

class Routes final : public HttpRouteCursor {
 public:
  explicit Routes(std::vector<const Route*> list) : list_(std::move(list)) {
    std::sort(list_.begin(), list_.end(),
              [](auto* a, auto* b) { return std::tie(a->path, a->method) < std::tie(b->path, b->method); });
  }
  bool next(HttpRoute& route) override {
    if (at_ == list_.size()) return false;
    const auto& r = *list_[at_++];
    route = {r.method, r.path, r.permission, r.operation};
    return true;
  }

 private:
  std::vector<const Route*> list_;
  std::size_t at_ = 0;
};

}  // namespace

std::unique_ptr<HttpRouteCursor> Router::routes() { return std::make_unique<Routes>(table_.list()); }

void Router::add(const HttpRoute& route, HttpHandler& handler) {
  if (closed_)
    throw Error(Code::unavailable,
                "the route " + std::string(route.path) + " is added when requests may come already; add it in start");
  table_.add(route, handler);
}

}  // namespace fermata::http
