#pragma once
#include <yaml-cpp/yaml.h>

#include <optional>
#include <set>
#include <string>
#include <vector>

#include "configuration/problems.hpp"
#include "configuration/schema.hpp"
#include "configuration/value.hpp"
#include "configuration/yaml_source.hpp"

namespace fermata::host {

/// Reads YAML against a schema: expands variables, fills defaults, and collects all that does not fit.
///
/// The schema decides what a value from the environment is: `${PORT:-104}` is a number where a number is wanted. An
/// empty one leaves the default in place, except where text is wanted. **Thread**: one at a time.
class Validation {
 public:
  Validation(const YamlSource& source, Problems& problems) : source_(source), problems_(problems) {}

  /// The value of `yaml`, called `path` in messages; nothing if it was wrong, or is absent and has no default.
  std::optional<Value> read(const SchemaNode& schema, const YAML::Node& yaml, const std::string& path);

 private:
  struct Scalar;
  struct Place;
  using Result = std::optional<Value>;

  Result read_at(const SchemaNode& schema, const Place& place);
  Result read_object(const SchemaNode& schema, const Place& place);
  Result read_array(const SchemaNode& schema, const Place& place);
  Result read_scalar(const SchemaNode& schema, const Place& place);
  Result read_text(const SchemaNode& schema, const Place& place, const Scalar& scalar);
  Result read_number(const SchemaNode& schema, const Place& place, const Scalar& scalar);
  void fill_absent(const SchemaNode& schema, const Place& place, const std::set<std::string>& wrong, Value& object);
  bool is_allowed(const SchemaNode& schema, const Place& place, const Value& value);
  std::string origin(const Place& place, const std::vector<std::string>& variables = {}) const;
  void problem(const Place& place, const std::string& message);
  Result unexpected(const SchemaNode& schema, const Place& place, const std::string& found);

  const YamlSource& source_;
  Problems& problems_;
};

}  // namespace fermata::host
