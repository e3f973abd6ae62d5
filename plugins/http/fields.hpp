#pragma once
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace fermata::http {

bool equal_in_any_case(std::string_view a, std::string_view b);
/// Without spaces and tabs at both ends (OWS, RFC 9110 5.6.3).
std::string_view trimmed(std::string_view text);
/// The items of a list (RFC 9110 5.6.1), without spaces; commas between quotes belong to an item. Empty items are left
/// out.
std::vector<std::string_view> list_items(std::string_view list, char separator = ',');
/// Of a method or a field's name (RFC 9110 5.6.2).
bool is_token(std::string_view text);
bool is_field_value(std::string_view text);  ///< no line breaks, nor other control characters (RFC 9110 5.5)

/// The header section of a message: fields in their order (RFC 9110 5). **Thread**: a value.
class Fields {
 public:
  using Field = std::pair<std::string, std::string>;

  /// Joins what has the same name by ", " (cookies by "; ").
  void add(std::string_view name, std::string_view value);
  /// One more line of this name.
  void append(std::string_view name, std::string_view value) { list_.emplace_back(name, value); }
  void set(std::string_view name, std::string_view value);
  void remove(std::string_view name);
  bool has(std::string_view name) const;
  std::string_view get(std::string_view name) const;  ///< empty where there is none
  auto begin() const { return list_.begin(); }
  auto end() const { return list_.end(); }
  std::size_t size() const { return list_.size(); }

 private:
  std::vector<Field> list_;
};

}  // namespace fermata::http
