#pragma once
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

#include "account_book.hpp"
#include "clock.hpp"

namespace fermata::accounts {

/// Links that stand in for a password once: for the first administrator, whose account is made with it, and for
/// accounts that are new or whose password is lost.
///
/// A link is good for a day, and its token is kept as a hash: of an account in its document, of the first administrator
/// in memory, because it is made anew at every start. It is good only as long as there is no administrator.
/// **Thread**: any. **Ownership**: the accounts outlive it. **Errors**: not_found (used up, ended, or never there),
/// those of AccountBook.
class SetupLinks {
 public:
  SetupLinks(AccountBook& accounts, Clock clock) : accounts_(accounts), clock_(std::move(clock)) {}

  /// Each returns the link's token, and ends an earlier one.
  std::string make_for_first_administrator();
  std::string make_for(std::string_view name);

  /// Whom the link is for; null: the first administrator. Error not_found.
  KnownAccount holder(std::string_view token) const;
  /// Uses the link up. Of an existing account the name stays, and `display_name` too where it is empty.
  KnownAccount redeem(std::string_view token, const std::string& name, const std::string& display_name,
                      const std::string& password_hash);

 private:
  bool is_for_first_administrator(std::string_view hash) const;
  KnownAccount make_first_administrator(const std::string& name, const std::string& display_name,
                                        const std::string& password_hash);

  AccountBook& accounts_;
  const Clock clock_;
  mutable std::mutex mutex_;
  std::mutex redeeming_;
  std::optional<SetupLink> first_;
};

/// "http://127.0.0.1:8080/?setup=TOKEN"
std::string setup_url(std::string_view base_url, std::string_view token);

}  // namespace fermata::accounts
