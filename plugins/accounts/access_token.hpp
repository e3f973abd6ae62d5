#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace fermata::accounts {

/// A password of its own for a program that acts for somebody. Times are seconds since 1970; 0: never.
/// **Thread**: a value.
struct AccessToken {
  std::string hash;  ///< of the token, and the document's id
  std::string user;
  std::string label;
  int64_t created = 0;
  int64_t last_used = 0;
  int64_t expires = 0;
  std::optional<std::vector<std::string>> permissions;  ///< of those that its user has; nothing said: all
};

}  // namespace fermata::accounts
