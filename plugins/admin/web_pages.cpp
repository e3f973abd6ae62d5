#include "web_pages.hpp"

#include <algorithm>
#include <fstream>
#include <iterator>
#include <span>

#include "fermata/error.hpp"
#include "static-files/library_path.hpp"
#include "static-files/media_type.hpp"

namespace fermata::admin {
namespace fs = std::filesystem;
namespace {

constexpr std::string_view kAssets = "assets/";
constexpr std::string_view kPage = "index.html";
constexpr std::string_view kHead = "<head>";
constexpr std::uintmax_t kSmall = 1 << 20;

/// Nothing comes from, and nothing goes to, anywhere but this server.
constexpr std::string_view kContentSecurityPolicy =
    "default-src 'self'; img-src 'self' data: blob:; frame-src 'self'; object-src 'none'; base-uri 'self'; "
    "form-action 'self'; frame-ancestors 'self'";

constexpr std::string_view kNotBuilt =
    "<!doctype html><meta charset=\"utf-8\"><title>Fermata</title><p>The archive runs, but its web application was not "
    "built. Build it with<pre>cmake --build build/release --target admin-web</pre><p>and restart the archive.\n";

std::string content(const fs::path& file) {
  std::ifstream in(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

/// "https://host/pacs" -> "/pacs". It goes into a page, so it may not say more than a path can.
std::string_view prefix_of(std::string_view base_url) {
  const auto host = base_url.find("://");
  const auto slash = base_url.find('/', host == std::string_view::npos ? 0 : host + 3);
  const auto prefix = slash == std::string_view::npos ? std::string_view{} : base_url.substr(slash);
  const bool plain = std::all_of(prefix.begin(), prefix.end(), [](char c) {
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ||
           std::string_view("/._~-").find(c) != std::string_view::npos;
  });
  if (!plain || prefix.starts_with("//"))
    throw Error(Code::invalid, "the server's path has characters that the web application can't be called with");
  return prefix;
}

void write(HttpResponse& response, std::string_view text) { response.write(std::as_bytes(std::span(text))); }

}  // namespace

WebPages::WebPages(const fs::path& folder) {
  std::error_code error;
  if (folder.empty() || !fs::is_regular_file(folder / kPage, error)) return;
  page_ = content(folder / kPage);
  if (const auto head = page_.find(kHead); head != std::string::npos) {
    rest_of_page_ = page_.substr(head + kHead.size());
    page_.resize(head + kHead.size());
  }
  read_small_files(folder);
  const auto assets = folder / "assets";
  if (fs::is_directory(assets, error) && !fs::is_empty(assets, error)) assets_.emplace(assets);
}

/// Those beside the page: an icon, a manifest.
void WebPages::read_small_files(const fs::path& folder) {
  std::error_code error;
  for (const auto& entry : fs::directory_iterator(folder, error)) {
    const auto name = entry.path().filename().string();
    if (!entry.is_regular_file(error) || name == kPage || entry.file_size(error) > kSmall) continue;
    auto text = content(entry.path());
    auto tag = "\"" + std::to_string(std::hash<std::string>{}(text)) + "\"";
    small_files_[name] = {std::move(text), std::move(tag)};
  }
}

void WebPages::add_to(HttpRouter& router) {
  router.add({"GET", "/", "", R"({"summary":"The web application","responses":{"200":{"description":"A page"}}})"},
             *this);
  router.add({"GET", "/{path...}", "",
              R"({"summary":"The web application","parameters":[{"name":"path","in":"path","required":true,)"
              R"("schema":{"type":"string"}}],"responses":{"200":{"description":"One of its files"}}})"},
             *this);
}

void WebPages::handle(HttpRequest& request, HttpResponse& response) {
  const auto path = request.parameter("path");
  response.header("Content-Security-Policy", kContentSecurityPolicy);
  if (assets_ && path.starts_with(kAssets) && assets_->answer(path.substr(kAssets.size()), request, response)) return;
  response.header("Cache-Control", "no-cache");
  if (const auto file = small_files_.find(path); file != small_files_.end()) {
    response.header("Content-Type", static_files::media_type(path));
    response.header("ETag", file->second.tag);
    return write(response, file->second.content);
  }
  if (!path.empty()) throw Error(Code::not_found, "there is nothing at this address");
  answer_page(request.base_url(), response);
}

void WebPages::answer_page(std::string_view base_url, HttpResponse& response) const {
  response.header("Content-Type", "text/html; charset=utf-8");
  if (!built()) return write(response, kNotBuilt);
  // The page names its files relative to itself, and a proxy may call it without the "/" at the end.
  write(response, page_ + "<base href=\"" + std::string(prefix_of(base_url)) + "/\">" + rest_of_page_);
}

fs::path built_in_folder() {
  return static_files::path_from_library(reinterpret_cast<const void*>(&built_in_folder), FERMATA_ADMIN_FILES);
}

}  // namespace fermata::admin
