#pragma once
#include <functional>
#include <list>
#include <string>
#include <string_view>
#include <vector>

#include "fermata/http_router.hpp"
#include "removed_resources.hpp"

namespace fermata::dicomweb {

class Problem;

/// Adds functions as handlers of routes below one path.
///
/// **Thread**: `add` in `start`; the functions are called by any number of threads at once. **Ownership**: keeps the
/// functions, and lives until `stop`. **Errors**: those of HttpRouter. A Problem that leaves a function becomes its
/// answer; where something is not found that was there once, 410 to those who might have seen it.
class Routes {
 public:
  using Answer = std::function<void(HttpRequest&, HttpResponse&)>;

  /// Media types of bodies, for those who ask what there is (PS3.18 8.9). The text outlives the routes.
  struct Media {
    std::vector<std::string_view> request;
    std::vector<std::string_view> response;
  };
  struct Entry {
    std::string method;
    std::string path;  ///< below the root
    Media media;
  };

  /// `root` has no "/" at its end; empty: the server's own. `removed` outlives it; null: nothing is known of what was.
  Routes(HttpRouter& router, std::string root, RemovedResources* removed = nullptr)
      : router_(router), root_(std::move(root)), removed_(removed) {}
  Routes(const Routes&) = delete;
  Routes& operator=(const Routes&) = delete;

  /// `path` is a template below the root ("/studies/{study}"). `permission`: "studies.read", "studies.store",
  /// "studies.delete".
  void add(std::string_view method, std::string_view path, std::string_view permission, Answer answer,
           Media media = {});

  const std::string& root() const { return root_; }
  /// What was added, in this order.
  const std::vector<Entry>& entries() const { return entries_; }

 private:
  class Handler final : public HttpHandler {
   public:
    Handler(Answer answer, RemovedResources* removed) : answer_(std::move(answer)), removed_(removed) {}
    void handle(HttpRequest& request, HttpResponse& response) override;

   private:
    bool is_gone(HttpRequest& request, const Problem& problem) const;

    const Answer answer_;
    RemovedResources* const removed_;
  };

  HttpRouter& router_;
  const std::string root_;
  RemovedResources* const removed_;
  std::list<Handler> handlers_;
  std::vector<Entry> entries_;
};

}  // namespace fermata::dicomweb
