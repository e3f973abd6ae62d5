#pragma once
#include <cstdint>
#include <string>
#include <string_view>

#include "account_book.hpp"
#include "account_events.hpp"
#include "clock.hpp"
#include "login_throttle.hpp"
#include "password_hasher.hpp"

namespace fermata::accounts {

/// Tells whether a name and a password belong together.
///
/// An unknown name takes as long, and is told the same, as a wrong password.
/// **Thread**: any; takes a tenth of a second. **Ownership**: all it is given outlives it. **Errors**: refused,
/// TooManyLogins, and unavailable (too many at the same time).
class PasswordLogin {
 public:
  static constexpr const char* kWrong = "The name or the password is wrong.";

  PasswordLogin(AccountBook& accounts, PasswordHasher& hasher, LoginThrottle& throttle, const AccountEvents& events,
                Clock clock)
      : accounts_(accounts), hasher_(hasher), throttle_(throttle), events_(events), clock_(std::move(clock)) {}

  KnownAccount check(std::string_view name, std::string_view password, std::string_view address);
  /// How long a login under this name has to wait; 0: not at all.
  int64_t seconds_to_wait(std::string_view name, std::string_view address) {
    return throttle_.seconds_to_wait(key_of(name), address);
  }

 private:
  static std::string key_of(std::string_view name);
  bool matches(const KnownAccount& account, std::string_view password);
  KnownAccount note(const Account& account, std::string_view password);

  AccountBook& accounts_;
  PasswordHasher& hasher_;
  LoginThrottle& throttle_;
  const AccountEvents& events_;
  const Clock clock_;
};

}  // namespace fermata::accounts
