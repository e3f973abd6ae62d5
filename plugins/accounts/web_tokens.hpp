#pragma once
#include <chrono>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "clock.hpp"
#include "web_keys.hpp"

namespace fermata::accounts {

struct WebTokenSettings {
  std::string keys;      ///< file with a JWK Set; empty: no tokens are taken
  std::string issuer;    ///< empty: any
  std::string audience;  ///< empty: any
  std::string user_claim = "sub";
};

/// What a JSON Web Token says, after it was found to be so.
struct WebTokenClaims {
  std::string user;
  int64_t issued = 0;  ///< seconds since 1970-01-01 UTC; 0: it does not say
};

/// Checks JSON Web Tokens of others (RFC 7519): signature, times, issuer and audience. The file with the keys is read
/// anew when it changes; if what it has changed to can't be used, the old keys go on.
///
/// **Thread**: any. **Errors**: the constructor throws invalid, naming the file; `check` refused, and says why.
class WebTokens {
 public:
  WebTokens(WebTokenSettings settings, const Clock& clock);

  /// Whether it looks like one: an own access token does not.
  static bool is_one(std::string_view token);
  WebTokenClaims check(std::string_view token);

 private:
  using Keys = std::shared_ptr<const std::vector<WebKey>>;
  Keys keys();
  Keys load() const;

  const WebTokenSettings settings_;
  const Clock& clock_;
  std::mutex mutex_;
  Keys keys_;          ///< under mutex_; null: none are configured
  std::string stamp_;  ///< of the file when it was read; under mutex_
  std::chrono::steady_clock::time_point looked_{};
};

}  // namespace fermata::accounts
