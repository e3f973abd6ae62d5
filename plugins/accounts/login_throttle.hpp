#pragma once
#include <cstdint>
#include <map>
#include <mutex>
#include <string>
#include <string_view>

#include "clock.hpp"
#include "fermata/error.hpp"

namespace fermata::accounts {

/// Too many logins failed: nobody's password was looked at. **Thread**: a value.
class TooManyLogins : public Error {
 public:
  explicit TooManyLogins(int64_t seconds)
      : Error(Code::unavailable, "Too many logins failed. Try again in " + std::to_string(seconds) +
                                     (seconds == 1 ? " second." : " seconds.")),
        seconds_(seconds) {}
  int64_t seconds() const noexcept { return seconds_; }

 private:
  int64_t seconds_;
};

/// Lets those wait who guess passwords: after a few failures each further one doubles the delay, for the account and
/// for the address (of IPv6, its /64).
///
/// A stranger can't keep somebody out by failing in their name: at an address from which somebody logged in before,
/// only failures of this account from this address count. An attempt counts as failed from its beginning, so that many
/// at once are no way around. Addresses and names are forgotten after a day, and the oldest where there are too many.
/// **Thread**: any. **Ownership**: keeps nothing but numbers, in memory.
class LoginThrottle {
 public:
  explicit LoginThrottle(Clock clock) : clock_(std::move(clock)) {}

  /// Throws TooManyLogins where it is too early. `account` may be one that does not exist.
  void attempt(std::string_view account, std::string_view address);
  /// How long an attempt has to wait; 0: not at all.
  int64_t seconds_to_wait(std::string_view account, std::string_view address);
  /// The attempt was none: the password was right.
  void succeeded(std::string_view account, std::string_view address);
  /// Somebody is known to use this address.
  void trust(std::string_view account, std::string_view address);

 private:
  struct Failures {
    int64_t count = 0;
    int64_t not_before = 0;
    int64_t last = 0;
  };
  class Table {
   public:
    bool knows(const std::string& key) const { return entries_.count(key) != 0; }
    void trust(const std::string& key, int64_t now);
    int64_t seconds_to_wait(const std::string& key, int64_t now) const;
    void add(const std::string& key, int64_t now, int64_t longest);
    void take_back(const std::string& key);

   private:
    void make_room(int64_t now);
    std::map<std::string, Failures> entries_;
  };

  int64_t wait_of(std::string_view account, std::string_view address, int64_t now) const;

  const Clock clock_;
  std::mutex mutex_;
  Table accounts_;
  Table addresses_;
  Table known_;  ///< of account and address
};

}  // namespace fermata::accounts
