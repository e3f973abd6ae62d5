#pragma once
#include <memory>
#include <optional>

#include "configuration/configuration.hpp"
#include "configuration_reference.hpp"
#include "loading/plugin_loader.hpp"
#include "options.hpp"
#include "work.hpp"

namespace fermata::host {

// From the command line to what its verb works on. **Errors**: WrongConfiguration with all that is wrong.

/// What is to be logged where, when this is what the configuration says of it.
using LogChoice = LogSettings (*)(LogSettings);

/// Loads the configuration and the plugins, and connects them. Of their code nothing has run then but what their
/// libraries do while they are loaded.
std::unique_ptr<Work> prepared_work(const Options& options, LogChoice log_choice);

/// For verbs that can do without a configuration.
std::optional<Configuration> configuration_if_any(const Options& options);

/// Looks where the command line, the configuration if there is one, and the program itself have plugins.
PluginLoader plugin_loader(const Options& options, const std::optional<Configuration>& configuration);

/// Every plugin there is; those that can't be opened are named on standard error and left out.
Libraries all_libraries(const Options& options);

}  // namespace fermata::host
