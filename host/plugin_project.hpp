#pragma once
#include <filesystem>
#include <string>
#include <vector>

namespace fermata::host {

/// A new plugin as its author asks for it: `new-plugin NAME --kind KIND [--folder FOLDER]`.
struct PluginProject {
  std::string name;
  std::string kind;
  std::filesystem::path folder;

  /// **Errors**: Error invalid with a sentence for who typed it.
  static PluginProject parse(const std::vector<std::string>& words);
};

/// Writes the files of a project from the templates of its kind: one folder of files for each kind, in which
/// `your-plugin`, `your_plugin` and `your-uid` (a UID of its own, PS3.5 B.2) stand for what differs. The folder must be
/// new or empty.
///
/// **Errors**: Error invalid (no such kind, a folder that is not empty), unavailable (there are no templates), io.
void write_plugin_project(const PluginProject& project, const std::filesystem::path& templates);

/// Where the templates are that belong to this program, wherever it stands: in the build tree or installed.
std::filesystem::path built_in_templates();

}  // namespace fermata::host
