#pragma once
#include <yaml-cpp/yaml.h>

#include <string>
#include <utility>
#include <vector>

#include "configuration/environment.hpp"
#include "configuration/problems.hpp"

namespace fermata::host {

/// Where a YAML text came from: names places in it, and knows the environment its values may refer to.
///
/// **Thread**: read only.
class YamlSource {
 public:
  /// Without an environment, `${NAME}` is text like any other.
  explicit YamlSource(std::string name, Environment environment = {})
      : name_(std::move(name)), environment_(std::move(environment)) {}

  /// From now on, what stands at `path` or below it came from elsewhere, such as the command line.
  void overridden(std::string path, std::string origin) { overrides_.emplace_back(std::move(path), std::move(origin)); }

  Location locate(const YAML::Mark& mark, const std::string& path) const;
  /// For people: "fermata.yaml:12", "fermata.yaml:12, from FERMATA_AET", or "--set plugins.dimse.config.port".
  std::string origin(const YAML::Mark& mark, const std::string& path, const std::vector<std::string>& variables) const;
  Expansion expand(const std::string& text) const;
  const std::string& name() const { return name_; }

 private:
  std::string name_;
  Environment environment_;
  std::vector<std::pair<std::string, std::string>> overrides_;
};

/// Reads exactly one YAML document; a syntax error becomes a problem and an empty result.
YAML::Node parse_yaml(const std::string& text, const std::string& name, Problems& problems);

}  // namespace fermata::host
