#pragma once
#include <catch2/catch.hpp>

#include <algorithm>
#include <set>
#include <string>
#include <string_view>

#include "fermata/error.hpp"
#include "fermata/testing/conformance.hpp"
#include "fermata/testing/http_exchange.hpp"
#include "fermata/testing/registered_routes.hpp"
#include "fermata/testing/threads_and_errors.hpp"

// Do a plugin's HTTP routes get on with whatever a client sends? Each check of kHttpRoutesChecks takes what the plugin
// has added, whatever it is about.
namespace fermata::testing {
namespace http_routes_checks {

/// What is wrong with a path template; empty: nothing.
inline std::string template_problem(std::string_view path) {
  if (path.empty() || path.front() != '/') return "it does not begin with /";
  std::set<std::string_view> names;
  for (path.remove_prefix(1); !path.empty();) {
    const auto slash = path.find('/');
    auto segment = path.substr(0, slash);
    const bool last = slash == std::string_view::npos;
    path.remove_prefix(last ? path.size() : slash + 1);
    if (segment.find_first_of("{}") == std::string_view::npos) continue;
    if (segment.size() < 3 || segment.front() != '{' || segment.back() != '}') return "{name} is a whole segment";
    segment = segment.substr(1, segment.size() - 2);
    if (segment.ends_with("...")) {
      if (!last) return "{name...} comes last";
      segment.remove_suffix(3);
    }
    if (segment.find_first_of("{}.") != std::string_view::npos) return "a name has no braces or dots";
    if (!names.insert(segment).second) return "two segments have one name";
  }
  return "";
}

/// A request that the route matches, with `1` for each of its names.
inline GivenRequest request_for(const RegisteredRoutes::Route& route) {
  GivenRequest request;
  request.method_given = route.method;
  request.user_given = route.permission.empty() ? "" : "somebody";
  std::string path;
  for (std::size_t at = 0; at < route.path.size();) {
    if (route.path[at] != '{') {
      path += route.path[at++];
      continue;
    }
    const auto end = route.path.find('}', at);
    auto name = route.path.substr(at + 1, end - at - 1);
    if (name.ends_with("...")) name.resize(name.size() - 3);
    request.parameters[name] = "1";
    path += '1';
    at = end + 1;
  }
  request.path_given = path;
  return request;
}

/// What is wrong with the answer to a request; empty: nothing.
inline std::string answer_problem(HttpHandler& handler, GivenRequest& request, std::size_t give_up_after = SIZE_MAX) {
  KeptResponse response;
  response.give_up_after = give_up_after;
  try {
    handler.handle(request, response);
  } catch (const Error& error) {
    if (error.code() == Code::internal || error.code() == Code::out_of_memory)
      return std::string("the server would answer 500: ") + error.what();
    return "";
  }
  if (response.code < 200 || response.code > 599) return "status " + std::to_string(response.code);
  for (const auto& [name, value] : response.headers)
    if (value.find_first_of(std::string_view("\r\n\0", 3)) != std::string::npos) return "a line break in " + name;
  if (!response.body.empty() && response.headers.count("content-type") == 0) return "a body without Content-Type";
  return "";
}

inline void routes_are_well_formed(RegisteredRoutes& routes) {
  static const std::set<std::string> methods{"GET", "POST", "PUT", "PATCH", "DELETE"};
  std::set<std::string> seen;
  CHECK(!routes.list().empty());
  for (const auto& route : routes.list()) {
    INFO(route.method << ' ' << route.path);
    CHECK(methods.count(route.method) == 1);
    CHECK(template_problem(route.path) == "");
    CHECK(seen.insert(route.method + ' ' + route.path).second);
  }
}

template <class Change>
void every_route(RegisteredRoutes& routes, std::size_t give_up_after, Change&& change) {
  for (const auto& route : routes.list()) {
    auto request = request_for(route);
    change(request);
    INFO(route.method << ' ' << request.path_given);
    CHECK(answer_problem(*route.handler, request, give_up_after) == "");
  }
}

inline void every_route_answers(RegisteredRoutes& routes) {
  every_route(routes, SIZE_MAX, [](GivenRequest&) {});
}

inline void rubbish_is_answered(RegisteredRoutes& routes) {
  every_route(routes, SIZE_MAX, [](GivenRequest& request) {
    request.query_given = "&&=%zz&a=%00&" + std::string(5000, 'q');
    request.headers["accept"] = ";;q=x, */, text/\"";
    request.headers["content-type"] = "multipart/related; boundary=";
    request.body.assign(1 << 20, '\xff');
    request.piece = 1000;
    for (auto& [name, value] : request.parameters) value = "../\xff\n\"<" + std::string(500, '9');
  });
}

inline void a_client_that_goes_away_is_no_defect(RegisteredRoutes& routes) {
  every_route(routes, 0, [](GivenRequest&) {});
}

inline void many_requests_at_once(RegisteredRoutes& routes) {
  const auto list = routes.list();
  in_threads(4, [&](std::size_t) {
    for (int round = 0; round < 20; ++round)
      for (const auto& route : list) {
        auto request = request_for(route);
        if (const auto problem = answer_problem(*route.handler, request); !problem.empty())
          throw Error(Code::internal, route.path + ": " + problem);
      }
  });
}

}  // namespace http_routes_checks

inline constexpr Check<RegisteredRoutes> kHttpRoutesChecks[] = {
    {"routes are well formed", http_routes_checks::routes_are_well_formed},
    {"every route answers", http_routes_checks::every_route_answers},
    {"rubbish is answered", http_routes_checks::rubbish_is_answered},
    {"a client that goes away is no defect", http_routes_checks::a_client_that_goes_away_is_no_defect},
    {"many requests at once", http_routes_checks::many_requests_at_once},
};

}  // namespace fermata::testing
