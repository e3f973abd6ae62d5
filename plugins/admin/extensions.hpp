#pragma once
#include <mutex>
#include <string>
#include <vector>

#include "api/routes.hpp"
#include "fermata/web_application.hpp"

namespace fermata::admin {

/// What other plugins add to the web application, and what of it somebody may see: GET /api/extensions.
///
/// **Thread**, **Errors**: see WebApplication.
class Extensions final : public WebApplication {
 public:
  void add(const WebExtension& extension) override;
  void add_to(api::Routes& routes);

 private:
  struct Extension {
    WebExtension::Kind kind;
    std::string id;
    std::string label_en;
    std::string label_de;
    std::string url;
    std::string permission;
    bool new_tab;
  };
  void list(HttpRequest& request, HttpResponse& response) const;

  mutable std::mutex mutex_;
  std::vector<Extension> list_;
};

}  // namespace fermata::admin
