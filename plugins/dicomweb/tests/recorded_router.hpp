#pragma once
#include <algorithm>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "fermata/testing/http_exchange.hpp"

namespace fermata::dicomweb::testing {

/// Keeps the routes that were added, and finds the one for a path as the server does: plain text goes before `{name}`.
class RecordedRouter final : public HttpRouter {
 public:
  struct Entry {
    HttpHandler* handler = nullptr;
    std::string permission;
  };

  void add(const HttpRoute& route, HttpHandler& handler) override {
    entries[std::string(route.method) + " " + std::string(route.path)] = {&handler, std::string(route.permission)};
  }

  /// `url`: path and query.
  fermata::testing::KeptResponse call(const std::string& method, const std::string& url,
                                      fermata::testing::GivenRequest request = {}) const {
    const auto question = std::min(url.find('?'), url.size());
    request.method_given = method;
    request.path_given = url.substr(0, question);
    request.query_given = question == url.size() ? "" : url.substr(question + 1);
    const Entry* found = nullptr;
    std::size_t most_plain = 0;
    for (const auto& [key, entry] : entries) {
      std::map<std::string, std::string, std::less<>> parameters;
      std::size_t plain = 0;
      if (!matches(key, method + " " + request.path_given, parameters, plain)) continue;
      if (found != nullptr && plain <= most_plain) continue;
      found = &entry;
      most_plain = plain;
      request.parameters = parameters;
    }
    if (found == nullptr) throw Error(Code::not_found, "no route for " + method + " " + url);
    fermata::testing::KeptResponse response;
    found->handler->handle(request, response);
    return response;
  }

  std::map<std::string, Entry> entries;

 private:
  static std::vector<std::string> segments(std::string_view text) {
    std::vector<std::string> parts;
    for (;;) {
      const auto slash = std::min(text.find('/'), text.size());
      parts.emplace_back(text.substr(0, slash));
      if (slash == text.size()) return parts;
      text.remove_prefix(slash + 1);
    }
  }
  static bool matches(const std::string& route, const std::string& path,
                      std::map<std::string, std::string, std::less<>>& parameters, std::size_t& plain) {
    const auto wanted = segments(route);
    const auto given = segments(path);
    if (wanted.size() != given.size()) return false;
    for (std::size_t i = 0; i < wanted.size(); ++i) {
      if (wanted[i].starts_with('{'))
        parameters[wanted[i].substr(1, wanted[i].size() - 2)] = given[i];
      else if (wanted[i] != given[i])
        return false;
      else
        ++plain;
    }
    return true;
  }
};

}  // namespace fermata::dicomweb::testing
