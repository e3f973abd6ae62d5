#pragma once
#include <string>
#include <vector>

#include "configuration/configuration.hpp"
#include "loading/plugin_loader.hpp"

namespace fermata::host {

/// What `fermata plugins` shows: a table of all plugins there are and, with a configuration, in which state they are.
struct PluginListing {
  std::string table;
  std::vector<std::string> failures;  ///< why one is broken or would be left out
};

PluginListing list_plugins(PluginLoader& loader, const Configuration* configuration);

}  // namespace fermata::host
