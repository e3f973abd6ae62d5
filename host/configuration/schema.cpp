#include "configuration/schema.hpp"

#include <yaml-cpp/yaml.h>

#include <algorithm>
#include <array>
#include <utility>

#include "configuration/nearest_name.hpp"
#include "configuration/validation.hpp"
#include "configuration/yaml_source.hpp"

namespace fermata::host {
namespace {

using Type = SchemaNode::Type;
using Format = SchemaNode::Format;

constexpr std::array<std::pair<Type, const char*>, 7> kTypes{{{Type::any, "any"},
                                                              {Type::text, "string"},
                                                              {Type::integer, "integer"},
                                                              {Type::number, "number"},
                                                              {Type::boolean, "boolean"},
                                                              {Type::array, "array"},
                                                              {Type::object, "object"}}};
constexpr std::array<std::pair<Format, const char*>, 5> kFormats{{{Format::none, ""},
                                                                  {Format::duration, "duration"},
                                                                  {Format::size, "size"},
                                                                  {Format::path, "path"},
                                                                  {Format::host, "host"}}};

template <class Enumeration, std::size_t n>
const char* name_in(const std::array<std::pair<Enumeration, const char*>, n>& names, Enumeration value) {
  for (const auto& [known, name] : names)
    if (known == value) return name;
  return "";
}

/// A default is one wherever the schema has it from.
void forget_origin(Value& value) {
  value.origin.clear();
  for (auto& item : value.items) forget_origin(item);
}

/// Turns the YAML of a schema into nodes, and collects what is wrong with it.
class SchemaParser {
 public:
  SchemaParser(const YamlSource& source, AnyType any, Problems& problems)
      : source_(source), any_(any), problems_(problems) {}

  SchemaNode parse(const YAML::Node& yaml, const std::string& path) {
    SchemaNode node;
    if (!yaml.IsMap()) {
      problem(yaml, path, "must be a mapping with \"type\" and \"description\"");
      return node;
    }
    check_words(yaml, path);
    read_type(yaml, path, node);
    node.description = text(yaml, "description", path);
    if (node.description.empty()) problem(yaml, path, "has no \"description\"; say what it is for");
    node.description_de = text(yaml, "description_de", path);
    read_limits(yaml, path, node);
    read_secret(yaml, path, node);
    read_members(yaml, path, node);
    read_values(yaml, path, node);
    return node;
  }

 private:
  void problem(const YAML::Node& at, const std::string& path, const std::string& message) {
    problems_.add(source_.locate(at.Mark(), path),
                  (path.empty() ? "the schema" : "the schema of " + path) + ' ' + message);
  }

  void check_words(const YAML::Node& yaml, const std::string& path) {
    static const std::vector<std::string> kWords{
        "type",    "description", "description_de", "default",  "enum",     "minimum",    "maximum",
        "pattern", "minLength",   "items",          "minItems", "required", "properties", "additionalProperties",
        "format",  "secret"};
    for (const auto& member : yaml) {
      const auto word = member.first.Scalar();
      if (std::find(kWords.begin(), kWords.end(), word) == kWords.end())
        problem(member.first, path, "has the unknown word \"" + word + '"' + hint(word, kWords));
    }
  }

  std::string text(const YAML::Node& yaml, const char* word, const std::string& path) {
    const auto node = yaml[word];
    if (!node.IsDefined()) return {};
    if (!node.IsScalar()) problem(node, path, std::string("has a \"") + word + "\" that is not text");
    return node.Scalar();
  }

  template <class Number>
  std::optional<Number> number(const YAML::Node& yaml, const char* word, const std::string& path) {
    const auto node = yaml[word];
    if (!node.IsDefined()) return {};
    try {
      return node.as<Number>();
    } catch (const YAML::Exception&) {
      problem(node, path, std::string("has a \"") + word + "\" that is not a number");
      return {};
    }
  }

  void read_type(const YAML::Node& yaml, const std::string& path, SchemaNode& node) {
    const auto type = text(yaml, "type", path);
    const auto known = std::find_if(kTypes.begin(), kTypes.end(), [&](const auto& t) { return type == t.second; });
    if (known == kTypes.end() || (known->first == Type::any && any_ == AnyType::refused))
      problem(yaml, path, "has the type \"" + type + "\"; possible: string, integer, number, boolean, array, object");
    else
      node.type = known->first;

    const auto format = text(yaml, "format", path);
    const auto known_format =
        std::find_if(kFormats.begin(), kFormats.end(), [&](const auto& f) { return format == f.second; });
    if (known_format == kFormats.end() || (!format.empty() && node.type != Type::text))
      problem(yaml, path, "has the format \"" + format + "\"; possible, for strings: duration, size, path, host");
    else
      node.format = known_format->first;
  }

  void read_limits(const YAML::Node& yaml, const std::string& path, SchemaNode& node) {
    node.minimum = number<double>(yaml, "minimum", path);
    node.maximum = number<double>(yaml, "maximum", path);
    node.min_length = number<uint64_t>(yaml, "minLength", path);
    node.min_items = number<uint64_t>(yaml, "minItems", path);
    node.pattern = text(yaml, "pattern", path);
    if (node.pattern.empty()) return;
    try {
      node.expression.emplace(node.pattern, std::regex::ECMAScript | std::regex::optimize);
    } catch (const std::regex_error&) {
      problem(yaml["pattern"], path, "has a \"pattern\" that is not a regular expression");
    }
  }

  void read_secret(const YAML::Node& yaml, const std::string& path, SchemaNode& node) {
    const auto word = text(yaml, "secret", path);
    if (word.empty()) return;
    if (word != "true" && word != "false") problem(yaml["secret"], path, "has a \"secret\" that is not true or false");
    node.secret = word == "true";
    if (node.secret && (node.type == Type::array || node.type == Type::object))
      problem(yaml["secret"], path, "is secret as a whole; say so of the values in it");
  }

  void read_members(const YAML::Node& yaml, const std::string& path, SchemaNode& node) {
    if (const auto items = yaml["items"]) node.items = std::make_unique<SchemaNode>(parse(items, path + "[]"));
    if (node.type == Type::array && !node.items) problem(yaml, path, "is an array without \"items\"");
    if (const auto additional = yaml["additionalProperties"]; additional && additional.IsMap())
      node.additional = std::make_unique<SchemaNode>(parse(additional, path.empty() ? "<name>" : path + ".<name>"));
    else if (additional && additional.Scalar() != "false")
      problem(additional, path, "allows \"additionalProperties\" without saying what they look like");
    if (const auto properties = yaml["properties"]; properties && properties.IsMap())
      for (const auto& member : properties) {
        const auto name = member.first.Scalar();
        auto property = parse(member.second, path.empty() ? name : path + '.' + name);
        property.name = name;
        node.properties.push_back(std::move(property));
      }
    else if (properties)
      problem(properties, path, "has \"properties\" that are no mapping");
    for (const auto& name : yaml["required"]) {
      node.required.push_back(name.Scalar());
      if (node.property(name.Scalar()) == nullptr)
        problem(name, path, "requires \"" + name.Scalar() + "\", which is not among its properties");
    }
  }

  void read_values(const YAML::Node& yaml, const std::string& path, SchemaNode& node) {
    std::vector<Value> allowed;
    for (const auto& value : yaml["enum"])
      if (auto read = read_value(value, path, node)) allowed.push_back(std::move(*read));
    node.allowed = std::move(allowed);
    const auto fallback = yaml["default"];
    node.stays_absent = fallback.IsDefined() && fallback.IsNull();
    if (fallback.IsDefined() && !fallback.IsNull()) node.fallback = read_value(fallback, path, node);
  }

  std::optional<Value> read_value(const YAML::Node& yaml, const std::string& path, const SchemaNode& node) {
    auto value = Validation(source_, problems_).read(node, yaml, path.empty() ? "the default" : path);
    if (value) forget_origin(*value);
    return value;
  }

  const YamlSource& source_;
  const AnyType any_;
  Problems& problems_;
};

}  // namespace

const SchemaNode* SchemaNode::property(std::string_view wanted) const {
  for (const auto& p : properties)
    if (p.name == wanted) return &p;
  return nullptr;
}

bool SchemaNode::requires_member(std::string_view member) const {
  return std::find(required.begin(), required.end(), member) != required.end();
}

bool SchemaNode::holds_secrets() const {
  return secret || (items && items->holds_secrets()) || (additional && additional->holds_secrets()) ||
         std::any_of(properties.begin(), properties.end(), [](const auto& p) { return p.holds_secrets(); });
}

std::optional<Value> SchemaNode::absent_value() const {
  if (stays_absent) return {};
  if (fallback) return fallback;
  Value value;
  if (type == Type::array && min_items.value_or(0) == 0) {
    value.kind = FERMATA_VALUE_ARRAY;
    return value;
  }
  if (type != Type::object) return {};
  value.kind = FERMATA_VALUE_OBJECT;
  for (const auto& p : properties) {
    auto member = p.absent_value();
    if (!member && requires_member(p.name)) return {};
    if (!member) continue;
    member->key = p.name;
    value.items.push_back(std::move(*member));
  }
  return value;
}

const char* type_name(Type type) { return name_in(kTypes, type); }
const char* format_name(Format format) { return name_in(kFormats, format); }

std::unique_ptr<SchemaNode> parse_schema(const std::string& yaml, const std::string& name, Problems& problems,
                                         AnyType any) {
  const auto before = problems.size();
  const auto document = parse_yaml(yaml, name, problems);
  if (problems.size() != before) return nullptr;
  const YamlSource source(name);
  auto node = std::make_unique<SchemaNode>(SchemaParser(source, any, problems).parse(document, ""));
  if (node->type != Type::object && problems.size() == before)
    problems.add({name, 0, 0}, "the schema must have \"type: object\" at its top");
  return problems.size() == before ? std::move(node) : nullptr;
}

}  // namespace fermata::host
