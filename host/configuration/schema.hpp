#pragma once
#include <cstdint>
#include <memory>
#include <optional>
#include <regex>
#include <string>
#include <string_view>
#include <vector>

#include "configuration/problems.hpp"
#include "configuration/value.hpp"

namespace fermata::host {

/// One node of a schema: the subset of JSON Schema in which plugins describe their configuration.
struct SchemaNode {
  enum class Type { any, text, integer, number, boolean, array, object };
  enum class Format { none, duration, size, path, host };

  std::string name;  ///< as a property: its key
  Type type = Type::any;
  Format format = Format::none;
  std::string description;
  std::string description_de;     ///< the same in German, for the web page; may be empty
  std::optional<Value> fallback;  ///< `default`
  bool stays_absent = false;      ///< `default: null`: nothing said is something else than an empty list or object
  std::vector<Value> allowed;     ///< `enum`
  std::optional<double> minimum;
  std::optional<double> maximum;
  std::string pattern;
  std::optional<std::regex> expression;
  std::optional<uint64_t> min_length;
  std::optional<uint64_t> min_items;
  std::vector<SchemaNode> properties;
  std::vector<std::string> required;
  std::unique_ptr<SchemaNode> items;
  bool secret = false;                     ///< its value is shown to nobody
  std::unique_ptr<SchemaNode> additional;  ///< what any other member looks like; null: there may be none

  const SchemaNode* property(std::string_view wanted) const;
  bool requires_member(std::string_view member) const;
  /// Whether it or anything inside of it is secret.
  bool holds_secrets() const;
  /// What stands here when the configuration says nothing: the default, an object made of its members' defaults, or an
  /// empty list. Nothing if there is no such thing.
  std::optional<Value> absent_value() const;
};

/// Whether a schema may have parts of `type: any`, which somebody else validates.
enum class AnyType { refused, allowed };

/// The name of a type as a schema writes it.
const char* type_name(SchemaNode::Type type);
const char* format_name(SchemaNode::Format format);

/// Reads a schema from its YAML text and checks the schema itself: known words only, a description everywhere, defaults
/// that fit. `name` is how problems call the text. Null if there were problems.
std::unique_ptr<SchemaNode> parse_schema(const std::string& yaml, const std::string& name, Problems& problems,
                                         AnyType any = AnyType::refused);

}  // namespace fermata::host
