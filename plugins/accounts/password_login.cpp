#include "password_login.hpp"

namespace fermata::accounts {
namespace {

constexpr int64_t kNotedEvery = 60;  // seconds: a program may log in again and again
constexpr std::size_t kLongestPassword = 1024;

}  // namespace

KnownAccount PasswordLogin::check(std::string_view name, std::string_view password, std::string_view address) {
  const auto account = accounts_.find(name);
  throttle_.attempt(key_of(name), address);  // whoever has to wait is not noted: a flood would fill the audit trail
  if (!matches(account, password)) {
    events_.refused(name, address, kWrong);
    throw Error(Code::refused, kWrong);
  }
  throttle_.succeeded(account->name, address);
  return note(*account, password);
}

/// All that is no name is one.
std::string PasswordLogin::key_of(std::string_view name) { return is_name(name) ? checked_name(name) : std::string(); }

bool PasswordLogin::matches(const KnownAccount& account, std::string_view password) {
  const bool can_log_in = account && account->enabled && !account->password_hash.empty();
  password = password.substr(0, kLongestPassword + 1);
  if (can_log_in) return hasher_.matches(account->password_hash, password);
  hasher_.match_nothing(password);
  return false;
}

/// When it was, and the password's hash if it was made with another cost.
KnownAccount PasswordLogin::note(const Account& account, std::string_view password) {
  const auto now = clock_();
  const bool outdated = hasher_.is_outdated(account.password_hash);
  if (!outdated && now - account.last_login < kNotedEvery) return accounts_.get(account.name);
  const auto hash = outdated ? hasher_.hash(password) : account.password_hash;
  return accounts_.change(account.name, [&](Account& changed) {
    changed.last_login = now;
    if (changed.password_hash == account.password_hash) changed.password_hash = hash;
  });
}

}  // namespace fermata::accounts
