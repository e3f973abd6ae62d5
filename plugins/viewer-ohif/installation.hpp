#pragma once
#include <filesystem>
#include <functional>
#include <set>
#include <string>

namespace fermata::viewer {

/// The viewer as `prepare.mjs` leaves it in a folder: two templates, `static/` (see static_files.hpp), and a
/// list.
struct Installation {
  std::filesystem::path static_folder;
  std::string page;                                    ///< template of index.html
  std::string configuration;                           ///< template of app-config.js
  std::set<std::string, std::less<>> function_makers;  ///< scripts of workers that make functions at run time
};

/// **Errors**: not_found where the viewer was not installed, saying how; io.
Installation open_installation(const std::filesystem::path& folder);

/// Where the build and the package put the viewer, relative to this library. Empty if the system does not say where
/// that is.
std::filesystem::path built_in_folder();

}  // namespace fermata::viewer
