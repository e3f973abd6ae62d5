#pragma once
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "configuration/configuration.hpp"
#include "configuration/environment.hpp"

namespace fermata::host {

/// The command line. **Errors**: Error invalid with a sentence for who typed it.
struct Options {
  std::string verb;                                ///< empty: none was given
  std::vector<std::string> arguments;              ///< for the verb of a plugin
  std::optional<std::filesystem::path> config;     ///< from --config, the environment, or the usual place if it exists
  std::vector<Override> overrides;                 ///< --set
  std::vector<std::filesystem::path> plugin_dirs;  ///< --plugin-dir
  bool help = false;
  bool version = false;

  static Options parse(const std::vector<std::string>& words, const Environment& environment);
};

/// The verbs of the program itself.
const std::vector<std::string>& built_in_verbs();
std::string usage();

}  // namespace fermata::host
