#include "loading/plugin_directories.hpp"

#include <set>
#include <system_error>

namespace fermata::host {
namespace fs = std::filesystem;

PluginDirectories::PluginDirectories(const std::vector<fs::path>& folders) {
  std::set<fs::path> seen;
  for (const auto& folder : folders) {
    std::error_code error;
    const auto real = fs::weakly_canonical(folder, error);
    if (seen.insert(error ? folder : real).second) folders_.push_back(error ? folder : real);
  }
}

std::optional<fs::path> PluginDirectories::find(const std::string& id) const {
  std::error_code error;
  for (const auto& folder : folders_)
    for (const auto& name : {id + ".so", "lib" + id + ".so"})
      if (const auto path = folder / name; fs::is_regular_file(path, error)) return path;
  return {};
}

std::vector<std::string> PluginDirectories::ids() const {
  std::set<std::string> ids;
  for (const auto& folder : folders_) {
    std::error_code error;
    for (fs::directory_iterator entry(folder, error), end; !error && entry != end; entry.increment(error)) {
      if (entry->path().extension() != ".so") continue;
      const auto name = entry->path().stem().string();
      ids.insert(name.starts_with("lib") ? name.substr(3) : name);
    }
  }
  return {ids.begin(), ids.end()};
}

std::string PluginDirectories::names() const {
  std::string out;
  for (const auto& folder : folders_) out += (out.empty() ? "" : ", ") + folder.string();
  return out;
}

std::vector<fs::path> built_in_plugin_directories() {
  std::error_code error;
  const auto program = fs::read_symlink("/proc/self/exe", error);
  if (error) return {};
  const auto prefix = program.parent_path().parent_path();
  return {prefix / FERMATA_PLUGIN_DIR, prefix / "lib/fermata/plugins"};
}

}  // namespace fermata::host
