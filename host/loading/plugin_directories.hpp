#pragma once
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace fermata::host {

/// The folders in which plugin libraries are looked for, in this order.
class PluginDirectories {
 public:
  explicit PluginDirectories(const std::vector<std::filesystem::path>& folders);

  /// The library of the plugin with this id.
  std::optional<std::filesystem::path> find(const std::string& id) const;
  /// The ids of all there are, sorted.
  std::vector<std::string> ids() const;
  /// For messages: "a, b".
  std::string names() const;

 private:
  std::vector<std::filesystem::path> folders_;
};

/// The folders that belong to this program, wherever it stands: in the build tree or installed.
std::vector<std::filesystem::path> built_in_plugin_directories();

}  // namespace fermata::host
