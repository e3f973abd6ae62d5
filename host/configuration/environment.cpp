#include "configuration/environment.hpp"

#include <algorithm>
#include <cstdlib>
#include <utility>

#include "fermata/error.hpp"

namespace fermata::host {
namespace {

bool is_name(std::string_view name) {
  const auto letter = [](char c) { return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '_'; };
  const auto digit = [](char c) { return c >= '0' && c <= '9'; };
  return !name.empty() && letter(name.front()) &&
         std::all_of(name.begin(), name.end(), [&](char c) { return letter(c) || digit(c); });
}

/// The position of the brace that closes the one before `from`.
std::size_t closing_brace(std::string_view text, std::size_t from) {
  int depth = 1;
  for (std::size_t i = from; i < text.size(); ++i) {
    if (text[i] == '{') ++depth;
    if (text[i] == '}' && --depth == 0) return i;
  }
  throw Error(Code::invalid, "\"${\" without its \"}\"; write \"$${\" where no variable is meant");
}

/// What stands for a reference; a variable whose value it is joins `variables`.
std::string value_of(std::string_view reference, const Environment& environment, std::vector<std::string>& variables) {
  const auto separator = reference.find(":-");
  const std::string name(reference.substr(0, separator));
  if (!is_name(name))
    throw Error(Code::invalid,
                "\"${" + std::string(reference) + "}\" is no variable; write ${NAME} or ${NAME:-default}");
  const auto value = environment(name);
  const bool has_default = separator != std::string_view::npos;
  if (!value && !has_default)
    throw Error(Code::invalid,
                "the environment variable " + name + " is not set; set it, or write ${" + name + ":-default}");
  if (value && !(value->empty() && has_default)) {
    variables.push_back(name);
    return *value;
  }
  auto fallback = expand_variables(reference.substr(separator + 2), environment);
  variables.insert(variables.end(), fallback.variables.begin(), fallback.variables.end());
  return std::move(fallback.text);
}

}  // namespace

Environment process_environment() {
  return [](const std::string& name) -> std::optional<std::string> {
    const char* value = std::getenv(name.c_str());
    if (value == nullptr) return {};
    return value;
  };
}

Expansion expand_variables(std::string_view text, const Environment& environment) {
  Expansion out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char next = i + 1 < text.size() ? text[i + 1] : '\0';
    if (text[i] == '$' && next == '{') {
      const auto end = closing_brace(text, i + 2);
      out.text += value_of(text.substr(i + 2, end - i - 2), environment, out.variables);
      out.from_environment = true;
      i = end;
    } else {
      if (text[i] == '$' && next == '$') ++i;
      out.text += text[i];
    }
  }
  return out;
}

}  // namespace fermata::host
