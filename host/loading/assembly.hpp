#pragma once
#include <memory>
#include <string>
#include <vector>

#include "configuration/configuration.hpp"
#include "configuration/value.hpp"
#include "loading/plugin_library.hpp"
#include "loading/plugin_loader.hpp"
#include "loading/wiring.hpp"

namespace fermata::host {

/// One enabled plugin instance, ready to be created.
struct Part {
  PluginSettings settings;
  std::shared_ptr<const PluginLibrary> library;  ///< null if it could not be loaded
  Value config;
  std::string failure;  ///< why it could not be loaded; only where it is not required
};

/// All enabled plugins of a configuration: loaded, their options checked, and connected. None of their code has run.
struct Assembly {
  Value host;  ///< the host's own part of the configuration
  std::vector<Part> parts;
  Wiring wiring;
};

/// The enabled plugins of a configuration, loaded, their options checked.
/// **Errors**: everything that stops the program from starting goes to `problems`, here and below.
std::vector<Part> load_parts(const Configuration& configuration, PluginLoader& loader, Problems& problems);
/// Who gets which service from whom among these parts.
Assembly connect(std::vector<Part> parts, Problems& problems);
/// Both in one.
Assembly assemble(const Configuration& configuration, PluginLoader& loader, Problems& problems);

}  // namespace fermata::host
