#pragma once
#include <string>
#include <string_view>

#include "fermata/http_router.hpp"
#include "installation.hpp"
#include "settings.hpp"
#include "static-files/static_files.hpp"

namespace fermata::viewer {

/// Answers everything below the viewer's path: its files, its configuration, and for every other address its page,
/// since the viewer itself reads the address.
///
/// Expects the rest of the path as the parameter "path". **Thread**: any number at once. **Errors**: those of
/// HttpHandler; not_found for a file that this version of the viewer does not have.
class Viewer final : public HttpHandler {
 public:
  /// **Errors**: those of StaticFiles.
  Viewer(Settings settings, Installation installation);

  void handle(HttpRequest& request, HttpResponse& response) override;
  const static_files::StaticFiles& files() const { return files_; }

 private:
  std::string filled(std::string_view text, std::string_view prefix) const;

  const Settings settings_;
  const Installation installation_;
  const static_files::StaticFiles files_;
};

}  // namespace fermata::viewer
