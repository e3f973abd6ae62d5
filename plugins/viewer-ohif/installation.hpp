#pragma once
#include <filesystem>
#include <string>

namespace fermata::viewer {

/// The viewer as `prepare.mjs` leaves it in a folder: two templates, and `static/` (see static_files.hpp).
struct Installation {
  std::filesystem::path static_folder;
  std::string page;           ///< template of index.html
  std::string configuration;  ///< template of app-config.js
};

/// **Errors**: not_found where the viewer was not installed, saying how; io.
Installation open_installation(const std::filesystem::path& folder);

/// Where the build and the package put the viewer, relative to this library. Empty if the system does not say where
/// that is.
std::filesystem::path built_in_folder();

}  // namespace fermata::viewer
