#include "yaml_source.hpp"

namespace fermata::host {

Location YamlSource::locate(const YAML::Mark& mark, const std::string& path) const {
  for (const auto& [overridden, origin] : overrides_) {
    const bool inside =
        path.compare(0, overridden.size(), overridden) == 0 &&
        (path.size() == overridden.size() || path[overridden.size()] == '.' || path[overridden.size()] == '[');
    if (inside) return {origin, 0, 0};
  }
  if (mark.is_null()) return {name_, 0, 0};
  return {name_, mark.line + 1, mark.column + 1};
}

std::string YamlSource::origin(const YAML::Mark& mark, const std::string& path,
                               const std::vector<std::string>& variables) const {
  const auto location = locate(mark, path);
  std::string out = location.name;
  if (location.line > 0) out += ':' + std::to_string(location.line);
  for (std::size_t i = 0; i < variables.size(); ++i) out += (i == 0 ? ", from " : " and ") + variables[i];
  return out;
}

Expansion YamlSource::expand(const std::string& text) const {
  if (!environment_) return {text, false, {}};
  return expand_variables(text, environment_);
}

YAML::Node parse_yaml(const std::string& text, const std::string& name, Problems& problems) {
  try {
    const auto documents = YAML::LoadAll(text);
    if (documents.size() > 1)
      problems.add({name, 0, 0}, "holds more than one YAML document; remove the line \"---\" between them");
    return documents.empty() ? YAML::Node() : documents.front();
  } catch (const YAML::Exception& e) {
    problems.add(YamlSource(name).locate(e.mark, ""), "is not valid YAML: " + e.msg);
    return {};
  }
}

}  // namespace fermata::host
