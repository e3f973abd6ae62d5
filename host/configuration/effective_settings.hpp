#pragma once
#include <string>
#include <vector>

#include "configuration/schema.hpp"
#include "configuration/value.hpp"

namespace fermata::host {

/// An option as it is in force.
struct EffectiveSetting {
  std::string instance;  ///< or "host"
  std::string option;    ///< "limits.body", "nodes[0].host"
  std::string value;     ///< in YAML; empty where it is secret
  std::string origin;    ///< "default", or where it stands
  std::string description;
  std::string description_de;
};

/// All that `value` holds under its schema, in the order of the schema. A list or mapping without members is one
/// option; of others, each member is.
std::vector<EffectiveSetting> effective_settings(const std::string& instance, const SchemaNode& schema,
                                                 const Value& value);

}  // namespace fermata::host
