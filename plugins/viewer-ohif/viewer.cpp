#include "viewer.hpp"

#include <algorithm>
#include <cctype>
#include <span>
#include <utility>

#include "fermata/error.hpp"
#include "static-files/media_type.hpp"

namespace fermata::viewer {
namespace {

/// Nothing comes from, and nothing goes to, anywhere but this server. "unsafe-inline": the interface's styles are made
/// by its script. "blob:" is what the page made itself: images, workers, PDF documents.
constexpr std::string_view kRest =
    "; style-src 'self' 'unsafe-inline'; img-src 'self' blob: data:; font-src 'self' data:; "
    "connect-src 'self' blob: data:; worker-src 'self' blob:; media-src 'self' blob:; object-src 'self' blob:; "
    "frame-src 'self' blob:; manifest-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'self'";
constexpr std::string_view kScripts = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'";
/// A worker has the policy that its own script came with. In some, decoders make functions at run time.
constexpr std::string_view kScriptsAndFunctions = "default-src 'none'; script-src 'self' 'unsafe-eval'";

constexpr std::string_view kStudies = "StudyInstanceUIDs";  // OHIF's name for what it is to show

/// "https://host/pacs" -> "/pacs". It goes into a page, so it may not say more than a path can.
std::string_view prefix_of(std::string_view base_url) {
  const auto host = base_url.find("://");
  const auto slash = base_url.find('/', host == std::string_view::npos ? 0 : host + 3);
  const auto prefix = slash == std::string_view::npos ? std::string_view{} : base_url.substr(slash);
  const bool plain = std::all_of(prefix.begin(), prefix.end(), [](unsigned char c) {
    return std::isalnum(c) != 0 || std::string_view("/._~-").find(static_cast<char>(c)) != std::string_view::npos;
  });
  if (!plain || prefix.starts_with("//"))
    throw Error(Code::invalid, "the server's path has characters that the viewer can't be called with");
  return prefix;
}

bool names_studies(std::string_view query) {
  while (!query.empty()) {
    const auto end = std::min(query.find('&'), query.size());
    const auto item = query.substr(0, end);
    const auto name = item.substr(0, std::min(item.find('='), item.size()));
    if (std::equal(name.begin(), name.end(), kStudies.begin(), kStudies.end(),
                   [](unsigned char a, unsigned char b) { return std::tolower(a) == std::tolower(b); }))
      return true;
    query.remove_prefix(std::min(end + 1, query.size()));
  }
  return false;
}

void replace_all(std::string& text, std::string_view placeholder, std::string_view value) {
  for (auto at = text.find(placeholder); at != std::string::npos; at = text.find(placeholder, at + value.size()))
    text.replace(at, placeholder.size(), value);
}

void answer_fresh(std::string_view type, const std::string& text, HttpResponse& response) {
  response.header("Content-Type", type);
  response.header("Cache-Control", "no-cache");
  response.write(std::as_bytes(std::span(text)));
}

}  // namespace

Viewer::Viewer(Settings settings, Installation installation)
    : settings_(std::move(settings)), installation_(std::move(installation)), files_(installation_.static_folder) {}

void Viewer::handle(HttpRequest& request, HttpResponse& response) {
  const auto path = request.parameter("path");
  const bool makes_functions = installation_.function_makers.count(path) != 0;
  response.header("Content-Security-Policy",
                  std::string(makes_functions ? kScriptsAndFunctions : kScripts) + std::string(kRest));
  if (files_.answer(path, request, response)) return;
  const auto prefix = prefix_of(request.base_url());
  if (path == "app-config.js") {
    answer_fresh(static_files::media_type(path), filled(installation_.configuration, prefix), response);
    return;
  }
  if (path.substr(path.rfind('/') + 1).find('.') != std::string_view::npos)
    throw Error(Code::not_found, "the viewer has no file " + std::string(path) +
                                     "; if the page was open while the archive was updated, load it again");
  if (path.empty() && names_studies(request.query())) {
    // The study list stands at the viewer's own path, the study's images below it.
    response.status(302);
    response.header("Location", std::string(prefix) + settings_.path + "/viewer?" + std::string(request.query()));
    return;
  }
  answer_fresh("text/html; charset=utf-8", filled(installation_.page, prefix), response);
}

std::string Viewer::filled(std::string_view text, std::string_view prefix) const {
  std::string out(text);
  const std::pair<std::string_view, const std::string&> values[] = {
      {"{{viewer}}", settings_.path}, {"{{dicomweb}}", settings_.dicomweb}, {"{{wado_uri}}", settings_.wado_uri}};
  for (const auto& [placeholder, value] : values) replace_all(out, placeholder, std::string(prefix) + value);
  return out;
}

}  // namespace fermata::viewer
