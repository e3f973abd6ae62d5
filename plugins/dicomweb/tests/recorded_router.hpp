#pragma once
#include <map>
#include <string>

#include "fermata/testing/http_exchange.hpp"

namespace fermata::dicomweb::testing {

/// Keeps which routes were added, so that a test can call one by its method and template.
class RecordedRouter final : public HttpRouter {
 public:
  struct Entry {
    HttpHandler* handler = nullptr;
    std::string permission;
  };
  void add(const HttpRoute& route, HttpHandler& handler) override {
    entries[std::string(route.method) + " " + std::string(route.path)] = {&handler, std::string(route.permission)};
  }
  fermata::testing::KeptResponse call(const std::string& route, fermata::testing::GivenRequest request = {}) {
    fermata::testing::KeptResponse response;
    entries.at(route).handler->handle(request, response);
    return response;
  }

  std::map<std::string, Entry> entries;
};

}  // namespace fermata::dicomweb::testing
