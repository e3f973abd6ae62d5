#pragma once
#include <cstdint>
#include <string>

namespace fermata::accounts {

/// A login in a browser. Times are seconds since 1970. **Thread**: a value.
struct Session {
  std::string hash;  ///< of the cookie's token, and the document's id
  std::string user;
  int64_t created = 0;
  int64_t last_used = 0;
  std::string address;
  std::string user_agent;
};

}  // namespace fermata::accounts
