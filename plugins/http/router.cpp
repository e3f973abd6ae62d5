#include "router.hpp"

#include <string>

#include "fermata/error.hpp"

namespace fermata::http {

void Router::add(const HttpRoute& route, HttpHandler& handler) {
  if (closed_)
    throw Error(Code::unavailable,
                "the route " + std::string(route.path) + " is added when requests may come already; add it in start");
  table_.add(route, handler);
}

}  // namespace fermata::http
