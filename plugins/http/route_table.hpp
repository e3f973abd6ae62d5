#pragma once
#include <map>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "fermata/http_router.hpp"

namespace fermata::http {

/// A route as it was added.
struct Route {
  std::string method;
  std::string path;
  std::string permission;
  HttpHandler* handler = nullptr;
  std::vector<std::string> names;  ///< of what stands for `{name}`, in order
  std::string operation;
};

/// Finds the route of a request; see HttpRoute for templates and which of several goes first.
///
/// **Thread**: `add` by one; `find` by any number once nothing is added anymore. **Errors**: `add` throws conflict and
/// invalid, saying what to change.
class RouteTable {
 public:
  using Parameters = std::vector<std::pair<std::string_view, std::string>>;
  struct Found {
    const Route* route = nullptr;  ///< null: none has this method and path
    Parameters parameters;
    std::set<std::string> allowed;  ///< without a route: the methods that this path has
  };

  RouteTable();
  ~RouteTable();

  void add(const HttpRoute& route, HttpHandler& handler);
  /// A "/" at the end is left out where only the path without it exists.
  Found find(std::string_view method, const std::vector<std::string>& segments) const;
  const std::vector<const Route*>& list() const { return list_; }  ///< as they were added

 private:
  struct Node;
  class Search;

  std::unique_ptr<Node> root_;
  std::vector<const Route*> list_;
};

}  // namespace fermata::http
