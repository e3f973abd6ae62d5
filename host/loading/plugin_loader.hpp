#pragma once
#include <chrono>
#include <exception>
#include <map>
#include <memory>
#include <string>

#include "loading/plugin_directories.hpp"
#include "loading/plugin_library.hpp"

namespace fermata::host {

/// Opens the libraries of plugins, each once.
///
/// **Thread**: one at a time, and best the only one of the process: libraries are tried in a copy of it first.
class PluginLoader {
 public:
  /// `limit`: how long the initialisers of a library may take.
  PluginLoader(PluginDirectories directories, std::chrono::milliseconds limit);

  /// **Errors**: Error with why it can't be opened, the same one each time.
  std::shared_ptr<const PluginLibrary> open(const std::string& id);
  const PluginDirectories& directories() const { return directories_; }

 private:
  struct Outcome {
    std::shared_ptr<const PluginLibrary> library;
    std::exception_ptr failure;
  };
  Outcome try_to_open(const std::string& id) const;

  const PluginDirectories directories_;
  const std::chrono::milliseconds limit_;
  std::map<std::string, Outcome> opened_;
};

}  // namespace fermata::host
