#include "configuration/scalar_text.hpp"

#include <algorithm>
#include <charconv>
#include <system_error>

#include "fermata/config.hpp"

namespace fermata::host {

using Format = SchemaNode::Format;

namespace {

bool looks_like_host(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           std::string_view(".-_:%[]*").find(c) != std::string_view::npos;
  });
}

}  // namespace

std::optional<int64_t> to_integer(std::string_view text) {
  if (text.starts_with('+')) text.remove_prefix(1);
  int base = 10;
  if (text.starts_with("0x")) {
    base = 16;
    text.remove_prefix(2);
  }
  int64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value, base);
  if (text.empty() || error != std::errc() || end != text.data() + text.size()) return {};
  return value;
}

std::optional<double> to_number(std::string_view text) {
  if (text.starts_with('+')) text.remove_prefix(1);
  if (text.find_first_of("0123456789") == std::string_view::npos) return {};  // "nan" and "inf" are words
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (text.empty() || error != std::errc() || end != text.data() + text.size()) return {};
  return value;
}

std::optional<bool> to_boolean(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? char(c + 32) : c; });
  if (text == "true" || text == "yes" || text == "on") return true;
  if (text == "false" || text == "no" || text == "off") return false;
  return {};
}

bool fits_format(Format format, const std::string& text) {
  switch (format) {
    case Format::duration:
      return parse_duration(text).has_value();
    case Format::size:
      return parse_size(text).has_value();
    case Format::host:
      return looks_like_host(text);
    default:
      return true;
  }
}

bool is_free_text(Format format) { return format != Format::duration && format != Format::size; }

}  // namespace fermata::host
