#include "configuration/wording.hpp"

#include <fmt/format.h>

#include <string_view>

#include "configuration/scalar_text.hpp"
#include "log/text_escaping.hpp"

namespace fermata::host {

using Type = SchemaNode::Type;
using Format = SchemaNode::Format;

namespace {

std::string with_article(const std::string& noun) {
  return (std::string_view("aeiou").find(noun.front()) != std::string_view::npos ? "an " : "a ") + noun;
}

std::string range(const SchemaNode& schema) {
  if (schema.minimum && schema.maximum) return fmt::format(" from {} to {}", *schema.minimum, *schema.maximum);
  if (schema.minimum) return fmt::format(" of at least {}", *schema.minimum);
  if (schema.maximum) return fmt::format(" of at most {}", *schema.maximum);
  return "";
}

}  // namespace

std::string quoted(std::string text) {
  constexpr std::size_t kLongest = 60;
  if (text.size() > kLongest) text.replace(kLongest, std::string::npos, "...");
  return json_string(text);
}

std::string expectation(const SchemaNode& schema) {
  if (!schema.allowed.empty()) {
    std::string list = "one of ";
    for (const auto& value : schema.allowed) list += (&value == &schema.allowed.front() ? "" : ", ") + value.json();
    return list;
  }
  switch (schema.format) {
    case Format::duration:
      return "a duration such as 500ms, 30s, 5min, 2h or 7d";
    case Format::size:
      return "a size such as 4096, 64KiB, 20MiB, 10GiB or 2TiB";
    case Format::path:
      return "a path";
    case Format::host:
      return "a host name or address";
    case Format::none:
      break;
  }
  switch (schema.type) {
    case Type::text:
      return "text";
    case Type::array:
      return "a list";
    case Type::object:
      return "a mapping";
    default:
      return with_article(type_name(schema.type)) + range(schema);
  }
}

std::string description(const std::string& text, bool in_quotes) {
  if (in_quotes) return "the text " + quoted(text);
  if (to_integer(text)) return "the integer " + text;
  if (to_number(text)) return "the number " + text;
  if (to_boolean(text)) return "the boolean " + text;
  return "the text " + quoted(text);
}

std::string shown(const SchemaNode& schema, const std::string& found) {
  return schema.holds_secrets() ? "a value that is kept secret" : found;
}

}  // namespace fermata::host
