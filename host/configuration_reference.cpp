#include "configuration_reference.hpp"

#include <fmt/format.h>

#include <map>
#include <utility>

#include "log/text_escaping.hpp"

namespace fermata::host {
namespace {

using Type = SchemaNode::Type;
using Format = SchemaNode::Format;

// JSON Schema ---------------------------------------------------------------------------------------------------------

using Members = std::vector<std::pair<std::string, std::string>>;  ///< name -> JSON

std::string indented(const std::string& json) {
  std::string out;
  for (const char c : json) {
    out += c;
    if (c == '\n') out += "  ";
  }
  return out;
}

std::string object(const Members& members) {
  if (members.empty()) return "{}";
  std::string out = "{";
  for (std::size_t i = 0; i < members.size(); ++i)
    out += (i == 0 ? "\n  " : ",\n  ") + json_string(members[i].first) + ": " + indented(members[i].second);
  return out + "\n}";
}

std::string list(const std::vector<std::string>& json) {
  std::string out = "[";
  for (std::size_t i = 0; i < json.size(); ++i) out += (i == 0 ? "" : ", ") + json[i];
  return out + "]";
}

/// What a value may also be: a reference to the environment.
const char* kVariable = R"re({"type": "string", "pattern": "\\$\\{"})re";

std::string node_json(const SchemaNode& node, const Members& more_properties = {});

void add_rules(const SchemaNode& node, Members& out) {
  if (!node.allowed.empty()) {
    std::vector<std::string> allowed;
    for (const auto& value : node.allowed) allowed.push_back(value.json());
    out.emplace_back("enum", list(allowed));
  }
  if (node.minimum) out.emplace_back("minimum", fmt::format("{}", *node.minimum));
  if (node.maximum) out.emplace_back("maximum", fmt::format("{}", *node.maximum));
  if (node.min_length) out.emplace_back("minLength", std::to_string(*node.min_length));
  if (node.min_items) out.emplace_back("minItems", std::to_string(*node.min_items));
  if (!node.pattern.empty()) out.emplace_back("pattern", json_string(node.pattern));
  if (node.format == Format::duration) out.emplace_back("pattern", json_string("^[0-9]+(ms|s|min|h|d)$"));
  if (node.format == Format::size) out.emplace_back("pattern", json_string("^[0-9]+([KMGT]iB)?$"));
}

/// A scalar is what its type says, or text with a variable in it, which stands for anything.
Members scalar_members(const SchemaNode& node) {
  Members rules{{"type", json_string(type_name(node.type))}};
  add_rules(node, rules);
  if (node.type == Type::text && rules.size() == 1) return rules;
  std::vector<std::string> choices{object(rules), kVariable};
  if (node.format == Format::size) choices.emplace_back(R"({"type": "integer", "minimum": 0})");
  return {{"anyOf", list(choices)}};
}

Members object_members(const SchemaNode& node, const Members& more_properties) {
  // A mapping may be left empty in YAML, which makes it null.
  Members out{{"type", R"(["object", "null"])"}};
  Members properties;
  for (const auto& property : node.properties) properties.emplace_back(property.name, node_json(property));
  properties.insert(properties.end(), more_properties.begin(), more_properties.end());
  if (!properties.empty()) out.emplace_back("properties", object(properties));
  std::vector<std::string> required;
  for (const auto& name : node.required)
    if (const auto* property = node.property(name); property != nullptr && !property->absent_value())
      required.push_back(json_string(name));
  if (!required.empty()) out.emplace_back("required", list(required));
  out.emplace_back("additionalProperties", node.additional ? node_json(*node.additional) : "false");
  return out;
}

std::string node_json(const SchemaNode& node, const Members& more_properties) {
  Members out;
  if (!node.description.empty()) out.emplace_back("description", json_string(node.description));
  if (node.type == Type::object) {
    for (auto& member : object_members(node, more_properties)) out.push_back(std::move(member));
  } else if (node.type == Type::array) {
    out.emplace_back("type", json_string("array"));
    out.emplace_back("items", node_json(*node.items));
    add_rules(node, out);
  } else if (node.type != Type::any) {
    for (auto& member : scalar_members(node)) out.push_back(std::move(member));
  }
  if (node.fallback) out.emplace_back("default", node.fallback->json());
  if (node.secret) out.emplace_back("writeOnly", "true");
  return object(out);
}

/// A plugin under its own name: the host's rules for a plugin, with the plugin's own options under `config`.
std::string instance_json(const SchemaNode& instance, const SchemaNode& config) {
  Members properties;
  for (const auto& property : instance.properties)
    properties.emplace_back(property.name, node_json(property.name == "config" ? config : property));
  return object({{"description", json_string(config.description)},
                 {"type", R"(["object", "null"])"},
                 {"properties", object(properties)},
                 {"additionalProperties", "false"}});
}

// Markdown ------------------------------------------------------------------------------------------------------------

std::string cell(const std::string& text) {
  std::string out;
  for (const char c : visible_text(text)) {
    if (c == '|') out += '\\';
    out += c;
  }
  return out;
}

std::string type_cell(const SchemaNode& node) {
  if (!node.allowed.empty()) {
    std::string out;
    for (const auto& value : node.allowed)
      out += (out.empty() ? "`" : ", `") + (value.text.empty() ? value.json() : value.text) + "`";
    return out;
  }
  std::string out = node.format == Format::none ? type_name(node.type) : format_name(node.format);
  if (node.secret) out += ", secret";
  if (node.minimum && node.maximum) return out + fmt::format(", {} to {}", *node.minimum, *node.maximum);
  if (node.minimum) return out + fmt::format(", at least {}", *node.minimum);
  if (node.maximum) return out + fmt::format(", at most {}", *node.maximum);
  return out;
}

void add_row(const SchemaNode& node, const std::string& name, bool required, std::string& out) {
  const std::string fallback = node.fallback ? '`' + cell(node.fallback->json()) + '`' : required ? "required" : "";
  out += "| `" + name + "` | " + cell(type_cell(node)) + " | " + fallback + " | " + cell(node.description) + " |\n";
}

void add_rows(const SchemaNode& node, const std::string& path, std::string& out) {
  const auto prefix = path.empty() ? "" : path + '.';
  for (const auto& property : node.properties) {
    add_row(property, prefix + property.name, node.requires_member(property.name), out);
    add_rows(property, prefix + property.name, out);
  }
  if (node.items) {
    if (node.items->type != Type::object) add_row(*node.items, path + "[]", false, out);
    add_rows(*node.items, path + "[]", out);
  }
  if (node.additional) {
    add_row(*node.additional, prefix + "<name>", false, out);
    add_rows(*node.additional, prefix + "<name>", out);
  }
}

std::string table(const SchemaNode& node) {
  std::string rows;
  add_rows(node, "", rows);
  if (rows.empty()) return "No options.\n";
  return "| Option | Type | Default | Description |\n|---|---|---|---|\n" + rows;
}

}  // namespace

std::string json_schema(const SchemaNode& host, const Libraries& plugins) {
  Members top{{"$schema", json_string("https://json-schema.org/draft/2020-12/schema")},
              {"title", json_string("Configuration of Fermata")},
              {"type", json_string("object")}};
  Members properties;
  for (const auto& property : host.properties) {
    if (property.name != "plugins") {
      properties.emplace_back(property.name, node_json(property));
      continue;
    }
    Members instances;
    for (const auto& plugin : plugins)
      instances.emplace_back(plugin->id(), instance_json(*property.additional, plugin->schema()));
    properties.emplace_back(property.name, node_json(property, instances));
  }
  top.emplace_back("properties", object(properties));
  top.emplace_back("additionalProperties", "false");
  return object(top) + "\n";
}

std::string markdown_reference(const SchemaNode& host, const Libraries& plugins) {
  std::string out =
      "# Configuration reference\n\n"
      "Any value may hold `${NAME}` or `${NAME:-default}`, taken from the environment; `$$` is a `$`.\n"
      "Durations are written `500ms`, `30s`, `5min`, `2h`, `7d`; sizes `4096`, `64KiB`, `20MiB`, `10GiB`, `2TiB`.\n\n"
      "## The host program\n\n" +
      host.description + "\n\n" + table(host);
  for (const auto& plugin : plugins)
    out += "\n## The plugin `" + plugin->id() + "`\n\n" + plugin->schema().description + "\n\nBelow `plugins." +
           plugin->id() + ".config`:\n\n" + table(plugin->schema());
  return out;
}

}  // namespace fermata::host
