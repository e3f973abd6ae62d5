#pragma once
#include <cstddef>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "fermata/http_router.hpp"
#include "static-files/static_files.hpp"

namespace fermata::admin {

/// The built web application: its page, which keeps its own addresses in the fragment, and its files.
///
/// What is in `assets` is named after its content, and browsers keep it; the rest is asked for again each time. Where
/// the application was not built, "/" says how to.
/// Expects the path as the parameter "path". **Thread**: any number at once. **Errors**: those of HttpHandler;
/// not_found for what is not there.
class WebPages final : public HttpHandler {
 public:
  explicit WebPages(const std::filesystem::path& folder);

  /// Adds itself as "/" and for everything that no other route takes. The routes are public: the page is where people
  /// log in.
  void add_to(HttpRouter& router);
  void handle(HttpRequest& request, HttpResponse& response) override;
  bool built() const { return !page_.empty(); }

 private:
  struct File {
    std::string content;
    std::string tag;
  };
  void read_small_files(const std::filesystem::path& folder);
  void answer_page(std::string_view base_url, HttpResponse& response) const;

  std::string page_;  ///< up to where its base goes
  std::string rest_of_page_;
  std::map<std::string, File, std::less<>> small_files_;
  std::optional<static_files::StaticFiles> assets_;
};

/// Where the build and the package put the web application, relative to this library.
std::filesystem::path built_in_folder();

}  // namespace fermata::admin
