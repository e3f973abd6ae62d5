#pragma once
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace fermata::host {

/// Answers the value of an environment variable, nothing if it is not set.
using Environment = std::function<std::optional<std::string>(const std::string& name)>;

Environment process_environment();

struct Expansion {
  std::string text;
  bool from_environment = false;       ///< a variable or its default stands in it
  std::vector<std::string> variables;  ///< whose values stand in it
};

/// Replaces `${NAME}` and `${NAME:-default}` (taken when NAME is unset or empty; may hold variables itself), and `$$`
/// by `$`. Any other `$` stays.
///
/// **Errors**: Error invalid for a variable that is not set and has no default, and for a `${` that never ends.
Expansion expand_variables(std::string_view text, const Environment& environment);

}  // namespace fermata::host
