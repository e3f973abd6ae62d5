#pragma once
#include <cstdint>
#include <deque>
#include <string>
#include <string_view>
#include <vector>

#include "fermata/c/plugin.h"

namespace fermata::host {

/// One node of a validated configuration, in the kinds of `fermata_value`.
struct Value {
  uint32_t kind = FERMATA_VALUE_NULL;
  std::string key;   ///< in an object: the name of this member
  std::string text;  ///< of a string
  int64_t integer = 0;
  double number = 0;
  std::vector<Value> items;  ///< of an array or an object
  std::string origin;        ///< where it stands, such as "fermata.yaml:12"; empty: it is a default

  static Value of_text(std::string text);
  static Value of_integer(int64_t integer);
  static Value of_number(double number);
  static Value of_boolean(bool boolean);

  const Value* find(std::string_view member) const;
  /// Equal apart from key and origin.
  bool same_as(const Value& other) const;
  std::string json() const;
};

/// The same tree in the form that crosses into a plugin.
///
/// **Ownership**: keeps the value; `root` is valid as long as this object. **Thread**: read only.
class ValueTree {
 public:
  explicit ValueTree(Value value);
  ValueTree(const ValueTree&) = delete;
  ValueTree& operator=(const ValueTree&) = delete;
  const fermata_value* root() const { return &root_; }

 private:
  fermata_value convert(const Value& value);

  Value value_;
  std::deque<std::vector<fermata_value>> lists_;
  fermata_value root_{};
};

}  // namespace fermata::host
