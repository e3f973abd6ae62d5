#include "configuration/configuration.hpp"

#include <algorithm>
#include <fstream>
#include <sstream>
#include <stdexcept>
#include <system_error>
#include <utility>

#include "configuration/nearest_name.hpp"
#include "configuration/validation.hpp"
#include "fermata/config.hpp"
#include "fermata_host_schema.hpp"

namespace fermata::host {
namespace {

bool is_instance_name(std::string_view name) {
  return !name.empty() && name.front() != '-' && std::all_of(name.begin(), name.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
  });
}

std::vector<std::string> split_path(const std::string& path) {
  std::vector<std::string> parts;
  std::istringstream in(path);
  for (std::string part; std::getline(in, part, '.');) parts.push_back(part);
  return parts;
}

/// Puts `value` at a path such as plugins.dimse.config.port, and makes the mappings on the way there.
void set(YAML::Node at, const std::vector<std::string>& path, const YAML::Node& value) {
  for (std::size_t i = 0; i + 1 < path.size(); ++i) {
    if (at.IsDefined() && !at.IsNull() && !at.IsMap())
      throw Error(Code::invalid, '"' + path[i] + "\" would have to be inside of a value that is no mapping");
    at.reset(at[path[i]]);
  }
  if (at.IsDefined() && !at.IsNull() && !at.IsMap())
    throw Error(Code::invalid, '"' + path.back() + "\" would have to be inside of a value that is no mapping");
  at[path.back()] = value;
}

}  // namespace

const SchemaNode& host_schema() {
  static const std::unique_ptr<SchemaNode> schema = [] {
    Problems problems;
    auto parsed = parse_schema(fermata_host_schema, "host/schema.yaml", problems, AnyType::allowed);
    if (!parsed) throw std::logic_error(problems.text());
    return parsed;
  }();
  return *schema;
}

Configuration Configuration::from_file(const std::filesystem::path& file, const std::vector<Override>& overrides,
                                       const Environment& environment, Problems& problems) {
  std::ifstream in(file, std::ios::binary);
  std::stringstream text;
  if (!in || std::filesystem::is_directory(file) || !(text << in.rdbuf()).good()) {
    const int reason = in ? EISDIR : errno;
    problems.add({file.string(), 0, 0},
                 "can't be read: " + std::generic_category().message(reason) + "; name another file with --config");
    Problems of_nothing;  // what an empty configuration lacks is not what is wrong
    return from_text("", file.string(), overrides, environment, of_nothing);
  }
  return from_text(text.str(), file.string(), overrides, environment, problems);
}

Configuration Configuration::from_text(const std::string& yaml, const std::string& name,
                                       const std::vector<Override>& overrides, const Environment& environment,
                                       Problems& problems) {
  Configuration out;
  out.source_ = std::make_shared<YamlSource>(name, environment);
  const auto before = problems.size();
  auto document = parse_yaml(yaml, name, problems);
  out.apply(overrides, document, problems);
  if (problems.size() != before) return out;

  const auto value = Validation(*out.source_, problems).read(host_schema(), document, "");
  if (!value) return out;
  out.host_ = *value;
  const ValueTree tree(*value);
  const Config config(tree.root());
  out.control_socket_ = config["control_socket"].string();
  out.start_deadline_ = config["start_deadline"].duration();
  out.drain_deadline_ = config["drain_deadline"].duration();
  for (uint64_t i = 0; i < config["plugin_directories"].count(); ++i)
    out.plugin_directories_.emplace_back(config["plugin_directories"].item(i).string());
  out.read_log(*value->find("log"));
  out.read_plugins(*value->find("plugins"), document, problems);
  out.check_log_levels(document, problems);
  return out;
}

void Configuration::apply(const std::vector<Override>& overrides, YAML::Node& document, Problems& problems) {
  for (const auto& [path, text] : overrides) {
    const std::string origin = "--set " + path;
    const auto parts = split_path(path);
    if (parts.empty() || std::find(parts.begin(), parts.end(), "") != parts.end()) {
      problems.add({origin, 0, 0}, "write it as --set plugins.dimse.config.port=104");
      continue;
    }
    try {
      set(document, parts, parse_yaml(text, origin, problems));
      source_->overridden(path, origin);
    } catch (const Error& e) {
      problems.add({origin, 0, 0}, e.what());
    }
  }
}

void Configuration::read_log(const Value& log) {
  log_.level = log_level(log.find("level")->text);
  log_.format = log.find("format")->text == "json" ? LogFormat::json : LogFormat::text;
  log_.file = log.find("file")->text;
  for (const auto& level : log.find("levels")->items) log_.levels[level.key] = log_level(level.text);
}

void Configuration::read_plugins(const Value& plugins, const YAML::Node& yaml, Problems& problems) {
  const auto entries = yaml.IsMap() ? yaml["plugins"] : YAML::Node();
  if (entries && entries.IsSequence()) return;  // validation has said so
  for (const auto& entry : entries) {
    const auto instance = entry.first.Scalar();
    const auto* value = plugins.find(instance);
    if (value == nullptr) continue;
    PluginSettings settings;
    settings.instance = instance;
    settings.location = source_->locate(entry.first.Mark(), "plugins." + instance);
    if (!is_instance_name(instance) || instance == "host")
      problems.add(settings.location, "the name of the plugin instance \"" + instance +
                                          "\" must be of lower case letters, digits and hyphens, and not \"host\"");
    const auto* plugin = value->find("plugin");
    settings.plugin = plugin == nullptr ? instance : plugin->text;
    settings.enabled = value->find("enabled")->integer != 0;
    settings.required = value->find("required")->integer != 0;
    for (const auto& use : value->find("uses")->items) settings.uses[use.key] = use.text;
    if (entry.second.IsMap() && entry.second["config"]) settings.config.reset(entry.second["config"]);
    settings.config_path = "plugins." + instance + ".config";
    plugins_.push_back(std::move(settings));
  }
  const bool any = std::any_of(plugins_.begin(), plugins_.end(), [](const auto& p) { return p.enabled; });
  if (!any) problems.add({name(), 0, 0}, "no plugin is enabled; name some under \"plugins:\"");
}

void Configuration::check_log_levels(const YAML::Node& yaml, Problems& problems) const {
  std::vector<std::string> known{"host"};
  for (const auto& plugin : plugins_) known.push_back(plugin.instance);
  const auto log = yaml.IsMap() ? yaml["log"] : YAML::Node();
  if (!log || !log.IsMap() || !log["levels"] || !log["levels"].IsMap()) return;
  for (const auto& level : log["levels"]) {
    const auto instance = level.first.Scalar();
    if (std::find(known.begin(), known.end(), instance) == known.end())
      problems.add(source_->locate(level.first.Mark(), "log.levels." + instance),
                   "log.levels names \"" + instance + "\", which is no plugin instance" + hint(instance, known));
  }
}

Value Configuration::plugin_config(const PluginSettings& plugin, const SchemaNode& schema, Problems& problems) const {
  const auto before = problems.size();
  auto value = Validation(*source_, problems).read(schema, plugin.config, plugin.config_path);
  // Where nothing was written under the plugin, the place to look at is the plugin's own line.
  if (plugin.config.IsNull() && problems.size() != before) problems.relocate(before, plugin.location);
  return value.value_or(Value{});
}

}  // namespace fermata::host
