#pragma once
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "fermata/bridge/bridge.hpp"
#include "fermata/c/plugin.h"

namespace fermata {

/// A duration as written in a configuration: `500ms`, `30s`, `5min`, `2h`, `7d`. Empty if it is not one.
inline std::optional<std::chrono::milliseconds> parse_duration(std::string_view text) {
  struct Unit {
    std::string_view name;
    int64_t factor;
  };
  static constexpr Unit kUnits[] = {{"ms", 1}, {"s", 1000}, {"min", 60'000}, {"h", 3'600'000}, {"d", 86'400'000}};
  int64_t number = 0;
  std::size_t digits = 0;
  while (digits < text.size() && digits < 12 && text[digits] >= '0' && text[digits] <= '9')
    number = number * 10 + (text[digits++] - '0');
  if (digits == 0) return {};
  for (const auto& unit : kUnits)
    if (text.substr(digits) == unit.name) return std::chrono::milliseconds(number * unit.factor);
  return {};
}

/// A number of bytes as written in a configuration: `4096`, `64KiB`, `10GiB`, `2TiB`. Empty if it is not one.
inline std::optional<uint64_t> parse_size(std::string_view text) {
  struct Unit {
    std::string_view name;
    unsigned shift;
  };
  static constexpr Unit kUnits[] = {{"", 0}, {"KiB", 10}, {"MiB", 20}, {"GiB", 30}, {"TiB", 40}};
  uint64_t number = 0;
  std::size_t digits = 0;
  while (digits < text.size() && digits < 15 && text[digits] >= '0' && text[digits] <= '9')
    number = number * 10 + static_cast<uint64_t>(text[digits++] - '0');
  if (digits == 0) return {};
  for (const auto& unit : kUnits) {
    if (text.substr(digits) != unit.name) continue;
    if (number > (UINT64_MAX >> unit.shift)) return {};
    return number << unit.shift;
  }
  return {};
}

/// One node of a plugin's configuration: validated by the host, defaults filled in.
///
/// **Ownership**: a view that lives as long as the plugin. **Thread**: read only, any.
/// **Errors**: asking for a member that the schema does not guarantee, or as another type, is Error internal.
class Config {
 public:
  explicit Config(const fermata_value* node) : node_(node) {}

  bool has(std::string_view key) const { return member(key) != nullptr; }
  Config operator[](std::string_view key) const {
    const auto* found = member(key);
    if (found == nullptr) throw Error(Code::internal, "the configuration has no member " + std::string(key));
    return Config(found);
  }
  uint64_t count() const { return node_->count; }  ///< members of an object, items of an array
  Config item(uint64_t i) const { return Config(&node_->items[i]); }
  std::string_view key() const { return bridge::view(node_->key); }

  std::string_view string() const { return bridge::view(as(FERMATA_VALUE_STRING).text); }
  int64_t integer() const { return as(FERMATA_VALUE_INTEGER).integer; }
  bool boolean() const { return as(FERMATA_VALUE_BOOLEAN).integer != 0; }
  double number() const {
    return node_->kind == FERMATA_VALUE_INTEGER ? double(node_->integer) : as(FERMATA_VALUE_NUMBER).number;
  }
  std::chrono::milliseconds duration() const { return parse_duration(string()).value(); }  ///< `format: duration`
  uint64_t size() const { return parse_size(string()).value(); }                           ///< `format: size`

 private:
  const fermata_value* member(std::string_view key) const {
    if (node_->kind == FERMATA_VALUE_OBJECT)
      for (uint64_t i = 0; i < node_->count; ++i)
        if (bridge::view(node_->items[i].key) == key) return &node_->items[i];
    return nullptr;
  }
  const fermata_value& as(uint32_t kind) const {
    if (node_->kind != kind) throw Error(Code::internal, "a configuration value has another type than its schema says");
    return *node_;
  }

  const fermata_value* node_;
};

}  // namespace fermata
