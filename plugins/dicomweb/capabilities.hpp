#pragma once
#include "fermata/http_router.hpp"
#include "routes.hpp"

namespace fermata::dicomweb {

/// Says which resources there are and what can be done with them (Retrieve Capabilities, PS3.18 8.9): the routes that
/// were added, in WADL or JSON.
///
/// **Thread**: any, once all routes were added. **Ownership**: the routes outlive it. **Errors**: Problem 406.
class Capabilities {
 public:
  explicit Capabilities(const Routes& routes) : routes_(routes) {}
  /// At the root, with and without a "/" at its end.
  void add_to(Routes& routes) const;
  void answer(HttpRequest& request, HttpResponse& response) const;

 private:
  const Routes& routes_;
};

}  // namespace fermata::dicomweb
