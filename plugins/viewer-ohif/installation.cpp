#include "installation.hpp"

#include <fstream>
#include <iterator>
#include <sstream>

#include "fermata/error.hpp"
#include "static-files/library_path.hpp"

namespace fermata::viewer {
namespace fs = std::filesystem;
namespace {

std::string content(const fs::path& file) {
  std::ifstream in(file, std::ios::binary);
  std::string text{std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
  if (!in || text.empty()) throw Error(Code::io, "can't read " + file.string() + "; install the viewer again");
  return text;
}

std::set<std::string, std::less<>> lines(const fs::path& file) {
  std::istringstream in(content(file));
  std::set<std::string, std::less<>> found;
  for (std::string line; std::getline(in, line);) found.insert(line);
  return found;
}

}  // namespace

Installation open_installation(const fs::path& folder) {
  std::error_code error;
  const auto page = folder / "index.html";
  if (!fs::exists(page, error))
    throw Error(Code::not_found,
                "the viewer's files are not in " + folder.string() +
                    "; in the source tree, run plugins/viewer-ohif/fetch.sh " + folder.string() +
                    " (it needs npm and the network, once), or switch the plugin off with \"enabled: false\"");
  return {folder / "static", content(page), content(folder / "app-config.js"), lines(folder / "workers.txt")};
}

fs::path built_in_folder() {
  return static_files::path_from_library(reinterpret_cast<const void*>(&built_in_folder), FERMATA_VIEWER_FILES);
}

}  // namespace fermata::viewer
