#include "configuration/validation.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <utility>

#include "configuration/nearest_name.hpp"
#include "configuration/scalar_text.hpp"
#include "configuration/wording.hpp"
#include "fermata/error.hpp"
#include "log/text_escaping.hpp"

namespace fermata::host {

using Type = SchemaNode::Type;

/// A scalar after expansion. Text in quotes is text; the rest is what the schema wants it to be, if it can.
struct Validation::Scalar {
  std::string text;
  bool quoted = false;
  bool from_environment = false;
  std::vector<std::string> variables;
};

/// A node, its name, and where it is when YAML itself does not say (a key without a value).
struct Validation::Place {
  YAML::Node node;
  std::string path;
  YAML::Mark mark;
};

namespace {

/// In place of a message that shows what was written.
constexpr const char* kWrongVariable =
    "a variable in it is not set, or is none; set it, write ${NAME:-default}, or \"$${\" where no variable is meant";

uint64_t characters(const std::string& utf8) {
  return static_cast<uint64_t>(
      std::count_if(utf8.begin(), utf8.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }));
}

std::vector<std::string> property_names(const SchemaNode& schema) {
  std::vector<std::string> names;
  for (const auto& p : schema.properties) names.push_back(p.name);
  return names;
}

std::string member_path(const std::string& path, const std::string& name) {
  return path.empty() ? name : path + '.' + name;
}

std::string in(const std::string& path) { return path.empty() ? "" : " in " + path; }

}  // namespace

/// Empty where nothing is written.
std::string Validation::origin(const Place& place, const std::vector<std::string>& variables) const {
  return place.node.IsNull() ? "" : source_.origin(place.node.Mark(), place.path, variables);
}

void Validation::problem(const Place& place, const std::string& message) {
  // What is absent has no place of its own, or that of whatever comes after it.
  problems_.add(source_.locate(place.node.IsNull() ? place.mark : place.node.Mark(), place.path), message);
}

Validation::Result Validation::unexpected(const SchemaNode& schema, const Place& place, const std::string& found) {
  problem(place,
          (place.path.empty() ? "" : place.path + ": ") + "expected " + expectation(schema) + ", found " + found);
  return {};
}

Validation::Result Validation::read(const SchemaNode& schema, const YAML::Node& yaml, const std::string& path) {
  return read_at(schema, {yaml, path, yaml.Mark()});
}

Validation::Result Validation::read_at(const SchemaNode& schema, const Place& place) {
  switch (schema.type) {
    case Type::any:
      return Value{};
    case Type::object:
      return read_object(schema, place);
    case Type::array:
      return read_array(schema, place);
    default:
      return read_scalar(schema, place);
  }
}

Validation::Result Validation::read_object(const SchemaNode& schema, const Place& place) {
  Value object;
  object.kind = FERMATA_VALUE_OBJECT;
  if (!place.node.IsNull() && !place.node.IsMap())
    return unexpected(
        schema, place,
        place.node.IsSequence() ? "a list" : shown(schema, description(place.node.Scalar(), place.node.Tag() == "!")));

  std::set<std::string> seen;
  std::set<std::string> wrong;
  for (const auto& member : place.node) {
    const auto name = member.first.Scalar();
    const Place here{member.second, member_path(place.path, name), member.first.Mark()};
    const Place key{member.first, here.path, member.first.Mark()};
    const auto* property = schema.property(name);
    if (property == nullptr) property = schema.additional.get();
    if (property == nullptr) {
      problem(key,
              "unknown option \"" + visible_text(name) + '"' + in(place.path) + hint(name, property_names(schema)));
      continue;
    }
    if (!seen.insert(name).second) {
      problem(key, "the option " + here.path + " is given twice; remove one");
      continue;
    }
    const auto before = problems_.size();
    auto value = read_at(*property, here);
    if (problems_.size() != before) wrong.insert(name);
    if (!value) continue;
    value->key = name;
    object.items.push_back(std::move(*value));
  }
  object.origin = origin(place);
  fill_absent(schema, place, wrong, object);
  return object;
}

void Validation::fill_absent(const SchemaNode& schema, const Place& place, const std::set<std::string>& wrong,
                             Value& object) {
  for (const auto& property : schema.properties) {
    if (object.find(property.name) != nullptr) continue;
    if (auto value = property.absent_value()) {
      value->key = property.name;
      object.items.push_back(std::move(*value));
    } else if (schema.requires_member(property.name) && wrong.count(property.name) == 0) {
      problem(place, "the option " + member_path(place.path, property.name) + " is missing: " + property.description);
    }
  }
}

Validation::Result Validation::read_array(const SchemaNode& schema, const Place& place) {
  if (place.node.IsNull()) return schema.absent_value();
  if (!place.node.IsSequence())
    return unexpected(schema, place,
                      place.node.IsMap() ? "a mapping"
                                         : shown(schema, description(place.node.Scalar(), place.node.Tag() == "!")) +
                                               "; begin each item with \"- \"");
  Value array;
  array.kind = FERMATA_VALUE_ARRAY;
  std::size_t number = 0;
  for (const auto& item : place.node) {
    auto value = read_at(*schema.items, {item, place.path + '[' + std::to_string(number++) + ']', item.Mark()});
    if (value) array.items.push_back(std::move(*value));
  }
  if (number < schema.min_items.value_or(0))
    return unexpected(schema, place, fmt::format("{} of the {} items it needs at least", number, *schema.min_items));
  array.origin = origin(place);
  return array;
}

Validation::Result Validation::read_scalar(const SchemaNode& schema, const Place& place) {
  if (place.node.IsNull()) return unexpected(schema, place, "nothing");
  if (place.node.IsMap()) return unexpected(schema, place, "a mapping");
  if (place.node.IsSequence()) return unexpected(schema, place, "a list");

  Scalar scalar;
  scalar.quoted = place.node.Tag() == "!" || place.node.Tag() == "tag:yaml.org,2002:str";
  try {
    auto expansion = source_.expand(place.node.Scalar());
    scalar.text = std::move(expansion.text);
    scalar.from_environment = expansion.from_environment;
    scalar.variables = std::move(expansion.variables);
  } catch (const Error& e) {
    problem(place, place.path + ": " + (schema.secret ? kWrongVariable : e.what()));
    return {};
  }

  const bool may_be_empty = schema.type == Type::text && is_free_text(schema.format);
  if (scalar.text.empty() && scalar.from_environment && !may_be_empty) return schema.absent_value();

  auto value = schema.type == Type::text ? read_text(schema, place, scalar) : read_number(schema, place, scalar);
  if (value && !is_allowed(schema, place, *value)) return {};
  if (value) value->origin = origin(place, scalar.variables);
  return value;
}

Validation::Result Validation::read_text(const SchemaNode& schema, const Place& place, const Scalar& scalar) {
  const auto& text = scalar.text;
  const bool plain = !scalar.quoted && !scalar.from_environment;
  if (plain && is_free_text(schema.format) &&
      (to_integer(text) || to_number(text) || text == "true" || text == "false"))
    return unexpected(schema, place,
                      shown(schema, description(text, false)) + "; put it in quotes if it is meant as text");
  if (!fits_format(schema.format, text)) return unexpected(schema, place, shown(schema, description(text, !plain)));
  if (characters(text) < schema.min_length.value_or(0))
    return unexpected(
        schema, place,
        fmt::format("{} with fewer than {} characters", shown(schema, "the text " + quoted(text)), *schema.min_length));
  if (schema.expression && !std::regex_search(text, *schema.expression))
    return unexpected(schema, place,
                      shown(schema, "the text " + quoted(text)) + ", which does not match " + schema.pattern);
  return Value::of_text(text);
}

Validation::Result Validation::read_number(const SchemaNode& schema, const Place& place, const Scalar& scalar) {
  const bool is_text = scalar.quoted && !scalar.from_environment;
  std::optional<Value> value;
  std::optional<double> amount;
  if (is_text) return unexpected(schema, place, shown(schema, description(scalar.text, true)) + "; remove the quotes");
  if (schema.type == Type::boolean) {
    if (const auto boolean = to_boolean(scalar.text)) value = Value::of_boolean(*boolean);
  } else if (schema.type == Type::integer) {
    if (const auto integer = to_integer(scalar.text)) value = Value::of_integer(*integer), amount = double(*integer);
  } else if (const auto number = to_number(scalar.text)) {
    value = Value::of_number(*number), amount = *number;
  }
  const bool outside =
      amount && ((schema.minimum && *amount < *schema.minimum) || (schema.maximum && *amount > *schema.maximum));
  if (!value || outside) return unexpected(schema, place, shown(schema, description(scalar.text, false)));
  return value;
}

bool Validation::is_allowed(const SchemaNode& schema, const Place& place, const Value& value) {
  if (schema.allowed.empty()) return true;
  std::vector<std::string> names;
  for (const auto& allowed : schema.allowed) {
    if (allowed.same_as(value)) return true;
    names.push_back(allowed.text);
  }
  const auto nearest = nearest_name(value.text, names);
  unexpected(schema, place, shown(schema, value.json() + (nearest ? "; did you mean \"" + *nearest + "\"?" : "")));
  return false;
}

}  // namespace fermata::host
