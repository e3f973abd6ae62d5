#include "configuration/yaml_source.hpp"

#include <yaml-cpp/eventhandler.h>

#include <sstream>

namespace fermata::host {
namespace {

/// Takes note of where a document begins.
class DocumentStart final : public YAML::EventHandler {
 public:
  YAML::Mark mark;

  void OnDocumentStart(const YAML::Mark& at) override { mark = at; }
  void OnDocumentEnd() override {}
  void OnNull(const YAML::Mark&, YAML::anchor_t) override {}
  void OnAlias(const YAML::Mark&, YAML::anchor_t) override {}
  void OnScalar(const YAML::Mark&, const std::string&, YAML::anchor_t, const std::string&) override {}
  void OnSequenceStart(const YAML::Mark&, const std::string&, YAML::anchor_t, YAML::EmitterStyle::value) override {}
  void OnSequenceEnd() override {}
  void OnMapStart(const YAML::Mark&, const std::string&, YAML::anchor_t, YAML::EmitterStyle::value) override {}
  void OnMapEnd() override {}
};

/// yaml-cpp takes some characters that can't stand where they do for the beginning of one empty document after the
/// other: to load all documents would never end.
void look_for_a_second_document(const std::string& text, const std::string& name, Problems& problems) {
  std::istringstream stream(text);
  YAML::Parser parser(stream);
  DocumentStart first;
  DocumentStart second;
  if (!parser.HandleNextDocument(first) || !parser.HandleNextDocument(second)) return;
  if (second.mark.pos == first.mark.pos)
    problems.add(YamlSource(name).locate(first.mark, ""), "is not valid YAML: here is a character that can't be here");
  else
    problems.add({name, 0, 0}, "holds more than one YAML document; remove the line \"---\" between them");
}

}  // namespace

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
    look_for_a_second_document(text, name, problems);
    return YAML::Load(text);
  } catch (const YAML::Exception& e) {
    problems.add(YamlSource(name).locate(e.mark, ""), "is not valid YAML: " + e.msg);
    return {};
  }
}

}  // namespace fermata::host
