#include "configuration/effective_settings.hpp"

namespace fermata::host {
namespace {

/// Walks value and schema side by side.
class SettingsList {
 public:
  SettingsList(const std::string& instance, std::vector<EffectiveSetting>& out) : instance_(instance), out_(out) {}

  void add(const SchemaNode& schema, const Value& value, const std::string& path) {
    if (schema.type == SchemaNode::Type::any || (path.empty() && value.items.empty())) return;
    if (value.items.empty()) {
      out_.push_back({instance_, path, schema.secret ? "" : value.json(),
                      value.origin.empty() ? "default" : value.origin, schema.description, schema.description_de});
      return;
    }
    if (schema.type == SchemaNode::Type::array)
      for (std::size_t i = 0; i < value.items.size(); ++i)
        add(*schema.items, value.items[i], path + '[' + std::to_string(i) + ']');
    else
      add_members(schema, value, path);
  }

 private:
  void add_members(const SchemaNode& schema, const Value& value, const std::string& path) {
    const auto prefix = path.empty() ? "" : path + '.';
    for (const auto& property : schema.properties)
      if (const auto* member = value.find(property.name)) add(property, *member, prefix + property.name);
    for (const auto& member : value.items)
      if (schema.property(member.key) == nullptr && schema.additional)
        add(*schema.additional, member, prefix + member.key);
  }

  const std::string& instance_;
  std::vector<EffectiveSetting>& out_;
};

}  // namespace

std::vector<EffectiveSetting> effective_settings(const std::string& instance, const SchemaNode& schema,
                                                 const Value& value) {
  std::vector<EffectiveSetting> out;
  SettingsList(instance, out).add(schema, value, "");
  return out;
}

}  // namespace fermata::host
