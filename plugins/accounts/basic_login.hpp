#pragma once
#include <condition_variable>
#include <cstdint>
#include <map>
#include <mutex>
#include <set>
#include <string>
#include <string_view>

#include "password_login.hpp"

namespace fermata::accounts {

/// Logins of clients that send their password with every request (RFC 7617): what was right stays right for a minute,
/// so that it is hashed once a minute and not with every request.
///
/// Kept is a hash of name and password with a key that this process has made up. It counts only as long as the
/// account's password is the same. Requests with the same name and password that come at the same time are one attempt.
/// **Thread**: any. **Ownership**: accounts and login outlive it. **Errors**: those of PasswordLogin.
class BasicLogin {
 public:
  BasicLogin(AccountBook& accounts, PasswordLogin& login, Clock clock);

  /// `name_and_password`: "jane:secret", decoded.
  KnownAccount check(std::string_view name_and_password, std::string_view address);
  /// How long a login under this name has to wait; 0: not at all.
  int64_t seconds_to_wait(std::string_view name_and_password, std::string_view address) {
    return login_.seconds_to_wait(name_and_password.substr(0, name_and_password.find(':')), address);
  }

 private:
  struct Verified {
    std::string name;
    std::string password_hash;
    int64_t until = 0;
  };
  class Attempt;

  std::string keyed_hash(std::string_view text) const;
  KnownAccount remembered(const std::string& hash) const;
  void remember(const std::string& hash, const Account& account);

  AccountBook& accounts_;
  PasswordLogin& login_;
  const Clock clock_;
  const std::string key_;
  std::mutex mutex_;
  std::condition_variable ended_;
  std::set<std::string> attempts_;  ///< that are being made now
  std::map<std::string, Verified> verified_;
};

}  // namespace fermata::accounts
