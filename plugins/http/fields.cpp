#include "fields.hpp"

#include <algorithm>

namespace fermata::http {
namespace {

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

}  // namespace

bool equal_in_any_case(std::string_view a, std::string_view b) {
  return a.size() == b.size() &&
         std::equal(a.begin(), a.end(), b.begin(), [](char x, char y) { return lower(x) == lower(y); });
}

std::string_view trimmed(std::string_view text) {
  const auto first = text.find_first_not_of(" \t");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

std::vector<std::string_view> list_items(std::string_view list, char separator) {
  std::vector<std::string_view> items;
  std::size_t begin = 0;
  bool quoted = false;
  for (std::size_t i = 0; i <= list.size(); ++i) {
    if (i < list.size() && list[i] == '\\' && quoted) {
      ++i;
      continue;
    }
    if (i < list.size() && list[i] == '"') quoted = !quoted;
    if (i < list.size() && (quoted || list[i] != separator)) continue;
    if (const auto item = trimmed(list.substr(begin, std::min(i, list.size()) - begin)); !item.empty())
      items.push_back(item);
    begin = i + 1;
  }
  return items;
}

bool is_token(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= '0' && c <= '9') || (lower(c) >= 'a' && lower(c) <= 'z') ||
           std::string_view("!#$%&'*+-.^_`|~").find(c) != std::string_view::npos;
  });
}

bool is_field_value(std::string_view text) {
  return std::none_of(text.begin(), text.end(),
                      [](char c) { return (static_cast<unsigned char>(c) < 0x20 && c != '\t') || c == 0x7f; });
}

void Fields::add(std::string_view name, std::string_view value) {
  for (auto& [known, values] : list_) {
    if (!equal_in_any_case(known, name)) continue;
    values += equal_in_any_case(name, "Cookie") ? "; " : ", ";
    values += value;
    return;
  }
  append(name, value);
}

void Fields::set(std::string_view name, std::string_view value) {
  remove(name);
  append(name, value);
}

void Fields::remove(std::string_view name) {
  std::erase_if(list_, [&](const Field& f) { return equal_in_any_case(f.first, name); });
}

bool Fields::has(std::string_view name) const {
  return std::any_of(list_.begin(), list_.end(), [&](const Field& f) { return equal_in_any_case(f.first, name); });
}

std::string_view Fields::get(std::string_view name) const {
  for (const auto& [known, value] : list_)
    if (equal_in_any_case(known, name)) return value;
  return {};
}

}  // namespace fermata::http
