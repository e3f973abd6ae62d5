#pragma once
#include <yaml-cpp/yaml.h>

#include <chrono>
#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "configuration/environment.hpp"
#include "configuration/problems.hpp"
#include "configuration/schema.hpp"
#include "configuration/value.hpp"
#include "configuration/yaml_source.hpp"
#include "log/log_settings.hpp"

namespace fermata::host {

/// What the configuration says about one instance of a plugin.
struct PluginSettings {
  std::string instance;
  std::string plugin;
  bool enabled = true;
  bool required = true;
  std::map<std::string, std::string> uses;  ///< service id, with or without revision -> instance
  YAML::Node config;
  std::string config_path;  ///< how messages call it: "plugins.dimse.config"
  Location location;
};

/// An option of the command line: `plugins.dimse.config.port=104`.
struct Override {
  std::string path;
  std::string value;
};

/// The configuration file: the host's own part, validated, and each plugin's part as it was written.
///
/// **Thread**: one at a time. **Errors**: all that is wrong goes to the Problems; what is returned is complete only if
/// there are none.
class Configuration {
 public:
  static Configuration from_file(const std::filesystem::path& file, const std::vector<Override>& overrides,
                                 const Environment& environment, Problems& problems);
  static Configuration from_text(const std::string& yaml, const std::string& name,
                                 const std::vector<Override>& overrides, const Environment& environment,
                                 Problems& problems);

  const LogSettings& log() const { return log_; }
  const std::filesystem::path& control_socket() const { return control_socket_; }  ///< empty: there is none
  std::chrono::milliseconds start_deadline() const { return start_deadline_; }
  std::chrono::milliseconds drain_deadline() const { return drain_deadline_; }
  const std::vector<std::filesystem::path>& plugin_directories() const { return plugin_directories_; }
  const std::vector<PluginSettings>& plugins() const { return plugins_; }
  const std::string& name() const { return source_->name(); }

  /// The host's own part, with defaults.
  const Value& host() const { return host_; }
  /// A plugin's options against its schema, with defaults.
  Value plugin_config(const PluginSettings& plugin, const SchemaNode& schema, Problems& problems) const;

 private:
  Configuration() = default;
  void apply(const std::vector<Override>& overrides, YAML::Node& document, Problems& problems);
  void read_log(const Value& log);
  void read_plugins(const Value& plugins, const YAML::Node& yaml, Problems& problems);
  void check_log_levels(const YAML::Node& yaml, Problems& problems) const;

  std::shared_ptr<YamlSource> source_;
  Value host_;
  LogSettings log_;
  std::filesystem::path control_socket_;
  std::chrono::milliseconds start_deadline_{};
  std::chrono::milliseconds drain_deadline_{};
  std::vector<std::filesystem::path> plugin_directories_;
  std::vector<PluginSettings> plugins_;
};

/// The schema of the host's own part of the file.
const SchemaNode& host_schema();

}  // namespace fermata::host
