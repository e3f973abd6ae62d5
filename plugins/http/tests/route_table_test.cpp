#include "route_table.hpp"

#include <catch2/catch.hpp>
#include <list>

#include "fermata/error.hpp"
#include "path.hpp"
#include "router.hpp"

using namespace fermata;
using namespace fermata::http;

namespace {

class Nothing final : public HttpHandler {
 public:
  void handle(HttpRequest&, HttpResponse&) override {}
};

/// Routes by "METHOD template"; `find` tells the template and its parameters, or the methods that are allowed.
class Routes {
 public:
  explicit Routes(std::initializer_list<std::pair<const char*, const char*>> routes) {
    for (const auto& [method, path] : routes) add(method, path);
  }
  void add(const char* method, const char* path) { table_.add({method, path, "p"}, handler_); }
  std::string find(std::string_view method, std::string_view path) const {
    const auto found = table_.find(method, path_segments(path));
    std::string out;
    if (found.route == nullptr) {
      for (const auto& allowed : found.allowed) out += allowed + "?";
      return out;
    }
    out = found.route->path;
    for (const auto& [name, value] : found.parameters) out += " " + std::string(name) + "=" + value;
    return out;
  }

 private:
  Nothing handler_;
  RouteTable table_;
};

Code code_of_adding(const char* method, const char* path) {
  try {
    Routes({{"GET", "/a/{b}"}, {"GET", "/files/{rest...}"}}).add(method, path);
  } catch (const Error& e) {
    return e.code();
  }
  return Code{0};
}

}  // namespace

TEST_CASE("a template takes one segment for each name") {
  const Routes routes{{"GET", "/studies/{study}/series/{series}"}};
  CHECK(routes.find("GET", "/studies/1.2/series/3") == "/studies/{study}/series/{series} study=1.2 series=3");
  CHECK(routes.find("GET", "/studies/1.2/series").empty());
  CHECK(routes.find("GET", "/studies/1.2/series/3/4").empty());
  CHECK(routes.find("GET", "/studies//series/3").empty());
}

TEST_CASE("parameters are decoded, and an encoded slash stays in its segment") {
  const Routes routes{{"GET", "/a/{b}"}, {"GET", "/a/{b}/c"}};
  CHECK(routes.find("GET", "/a/x%2Fc") == "/a/{b} b=x/c");
  CHECK(routes.find("GET", "/a/%c3%a4") == "/a/{b} b=ä");
  CHECK(routes.find("GET", "/%61/1") == "/a/{b} b=1");
}

TEST_CASE("plain text goes before a name, and that before the rest") {
  const Routes routes{{"GET", "/a/{rest...}"}, {"GET", "/a/{b}"}, {"GET", "/a/new"}, {"GET", "/a/{b}/x"}};
  CHECK(routes.find("GET", "/a/new") == "/a/new");
  CHECK(routes.find("GET", "/a/old") == "/a/{b} b=old");
  CHECK(routes.find("GET", "/a/old/x") == "/a/{b}/x b=old");
  CHECK(routes.find("GET", "/a/new/x") == "/a/{b}/x b=new");
  CHECK(routes.find("GET", "/a/new/y") == "/a/{rest...} rest=new/y");
}

TEST_CASE("what goes before has to have the method, too") {
  const Routes routes{{"POST", "/a/new"}, {"GET", "/a/{b}"}, {"DELETE", "/{rest...}"}};
  CHECK(routes.find("GET", "/a/new") == "/a/{b} b=new");
  CHECK(routes.find("POST", "/a/new") == "/a/new");
  CHECK(routes.find("DELETE", "/a/new") == "/{rest...} rest=a/new");
  CHECK(routes.find("PUT", "/a/new") == "DELETE?GET?POST?");
  CHECK(routes.find("PUT", "/a/old") == "DELETE?GET?");
}

TEST_CASE("the rest may be empty, but never leads elsewhere in a folder") {
  const Routes routes{{"GET", "/viewer/{path...}"}};
  CHECK(routes.find("GET", "/viewer/") == "/viewer/{path...} path=");
  CHECK(routes.find("GET", "/viewer/a/b.js") == "/viewer/{path...} path=a/b.js");
  CHECK(routes.find("GET", "/viewer/a/") == "/viewer/{path...} path=a/");
  CHECK(routes.find("GET", "/viewer").empty());
  CHECK(routes.find("GET", "/viewer//etc/passwd").empty());
  CHECK(routes.find("GET", "/viewer/a//b").empty());
  CHECK(routes.find("GET", "/viewer/..%2fsecret").empty());
  CHECK(routes.find("GET", "/viewer/%2fetc").empty());
  CHECK(routes.find("GET", "/viewer/..%5csecret").empty());
}

TEST_CASE("a slash at the end is left out where only the path without it exists") {
  const Routes routes{{"GET", "/a"}, {"GET", "/b/"}, {"GET", "/c/{d}"}};
  CHECK(routes.find("GET", "/a/") == "/a");
  CHECK(routes.find("GET", "/c/1/") == "/c/{d} d=1");
  CHECK(routes.find("GET", "/b/") == "/b/");
  CHECK(routes.find("GET", "/b").empty());
  CHECK(routes.find("PUT", "/a/") == "GET?");
  CHECK(routes.find("GET", "/a//").empty());
}

TEST_CASE("the root is a path like others") {
  const Routes routes{{"GET", "/"}};
  CHECK(routes.find("GET", "/") == "/");
  CHECK(routes.find("GET", "/x").empty());
}

TEST_CASE("a route is taken by another of the same method and shape") {
  CHECK(code_of_adding("GET", "/a/{other_name}") == Code::conflict);
  CHECK(code_of_adding("POST", "/a/{b}") == Code{0});
  CHECK(code_of_adding("GET", "/files/{others...}") == Code::conflict);
}

TEST_CASE("what is no template is refused") {
  for (const auto* path : {"", "a", "/a//b", "/{}", "/{B}", "/{a}x", "/x{a}", "/{a}/{a}", "/{a...}/b", "/a b", "/a?b",
                           "/%41", "/{a", "/ä"})
    CHECK(code_of_adding("GET", path) == Code::invalid);
  for (const auto* method : {"", "get", "HEAD", "OPTIONS", "GE T", "CONNECT", "TRACE"})
    CHECK(code_of_adding(method, "/new") == Code::invalid);
}

TEST_CASE("no route is added once requests may come") {
  Router router;
  Nothing handler;
  router.add({"GET", "/a", ""}, handler);
  router.close();
  CHECK_THROWS_WITH(router.add({"GET", "/b", ""}, handler), Catch::Contains("add it in start"));
}
