#include "preparation.hpp"

#include <iostream>
#include <utility>

#include "fermata/error.hpp"
#include "loading/plugin_directories.hpp"
#include "wrong_configuration.hpp"

namespace fermata::host {
namespace {

/// How long a library may take to load where no configuration tells.
constexpr std::chrono::seconds kLoadLimit{10};

void refuse(const Problems& problems) {
  if (!problems.empty()) throw WrongConfiguration(problems.text());
}

Configuration load_configuration(const Options& options, Problems& problems) {
  if (!options.config)
    throw WrongConfiguration("fermata: no configuration; name it with --config FILE or in FERMATA_CONFIG\n");
  return Configuration::from_file(*options.config, options.overrides, process_environment(), problems);
}

}  // namespace

std::unique_ptr<Work> prepared_work(const Options& options, LogChoice log_choice) {
  Problems problems;
  std::optional configuration = load_configuration(options, problems);
  auto plugins = plugin_loader(options, configuration);
  auto assembly = assemble(*configuration, plugins, problems);
  refuse(problems);
  const auto log = log_choice(configuration->log());
  return std::make_unique<Work>(std::move(*configuration), std::move(assembly), log);
}

std::optional<Configuration> configuration_if_any(const Options& options) {
  std::optional<Configuration> configuration;
  Problems problems;
  if (options.config) configuration = load_configuration(options, problems);
  refuse(problems);
  return configuration;
}

PluginLoader plugin_loader(const Options& options, const std::optional<Configuration>& configuration) {
  auto folders = options.plugin_dirs;
  const auto add = [&](const auto& more) { folders.insert(folders.end(), more.begin(), more.end()); };
  if (configuration) add(configuration->plugin_directories());
  add(built_in_plugin_directories());
  return {PluginDirectories(folders), configuration ? configuration->start_deadline() : kLoadLimit};
}

Libraries all_libraries(const Options& options) {
  auto plugins = plugin_loader(options, configuration_if_any(options));
  Libraries out;
  for (const auto& id : plugins.directories().ids()) {
    try {
      out.push_back(plugins.open(id));
    } catch (const Error& e) {
      std::cerr << "fermata: left out: " << e.what() << '\n';
    }
  }
  return out;
}

}  // namespace fermata::host
