#include "configuration/value.hpp"

#include <fmt/format.h>

#include <utility>

#include "log/text_escaping.hpp"

namespace fermata::host {

Value Value::of_text(std::string text) {
  Value v;
  v.kind = FERMATA_VALUE_STRING;
  v.text = std::move(text);
  return v;
}

Value Value::of_integer(int64_t integer) {
  Value v;
  v.kind = FERMATA_VALUE_INTEGER;
  v.integer = integer;
  return v;
}

Value Value::of_number(double number) {
  Value v;
  v.kind = FERMATA_VALUE_NUMBER;
  v.number = number;
  return v;
}

Value Value::of_boolean(bool boolean) {
  Value v;
  v.kind = FERMATA_VALUE_BOOLEAN;
  v.integer = boolean ? 1 : 0;
  return v;
}

const Value* Value::find(std::string_view member) const {
  if (kind == FERMATA_VALUE_OBJECT)
    for (const auto& item : items)
      if (item.key == member) return &item;
  return nullptr;
}

bool Value::same_as(const Value& other) const {
  if (kind != other.kind || text != other.text || integer != other.integer || number != other.number ||
      items.size() != other.items.size())
    return false;
  for (std::size_t i = 0; i < items.size(); ++i)
    if (items[i].key != other.items[i].key || !items[i].same_as(other.items[i])) return false;
  return true;
}

std::string Value::json() const {
  switch (kind) {
    case FERMATA_VALUE_BOOLEAN:
      return integer != 0 ? "true" : "false";
    case FERMATA_VALUE_INTEGER:
      return std::to_string(integer);
    case FERMATA_VALUE_NUMBER:
      return fmt::format("{}", number);
    case FERMATA_VALUE_STRING:
      return json_string(text);
    case FERMATA_VALUE_ARRAY:
    case FERMATA_VALUE_OBJECT:
      break;
    default:
      return "null";
  }
  const bool object = kind == FERMATA_VALUE_OBJECT;
  std::string out = object ? "{" : "[";
  for (const auto& item : items) {
    if (out.size() > 1) out += ", ";
    if (object) out += json_string(item.key) + ": ";
    out += item.json();
  }
  return out + (object ? "}" : "]");
}

ValueTree::ValueTree(Value value) : value_(std::move(value)) { root_ = convert(value_); }

fermata_value ValueTree::convert(const Value& value) {
  fermata_value out{};
  out.kind = value.kind;
  out.key = {value.key.data(), value.key.size()};
  out.text = {value.text.data(), value.text.size()};
  out.integer = value.integer;
  out.number = value.number;
  std::vector<fermata_value> list;
  list.reserve(value.items.size());
  for (const auto& item : value.items) list.push_back(convert(item));
  out.count = list.size();
  out.items = lists_.emplace_back(std::move(list)).data();
  return out;
}

}  // namespace fermata::host
