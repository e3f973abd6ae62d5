#pragma once
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <shared_mutex>
#include <string>
#include <string_view>
#include <vector>

#include "account.hpp"
#include "fermata/state_store.hpp"

namespace fermata::accounts {

using KnownAccount = std::shared_ptr<const Account>;

/// All accounts: in memory, and written through to the state store (`accounts.users`).
///
/// There is always somebody who can manage accounts, once there was: the last such administrator can't be disabled,
/// demoted or removed.
/// **Thread**: any; looking up waits for no disk. **Ownership**: the state store outlives it; what is found stays as it
/// was. **Errors**: not_found, conflict (the name is taken; the last administrator), those of the state store.
class AccountBook {
 public:
  static constexpr const char* kCollection = "accounts.users";

  /// Reads them all.
  explicit AccountBook(StateStore& store);

  /// By name in any case; null where there is none.
  KnownAccount find(std::string_view name) const;
  KnownAccount get(std::string_view name) const;  ///< Error not_found
  std::vector<KnownAccount> list() const;         ///< by name
  bool has_administrator() const;

  KnownAccount add(Account account);
  /// `edit` changes a copy, which is kept when it returns.
  KnownAccount change(std::string_view name, const std::function<void(Account&)>& edit);
  void remove(std::string_view name);

 private:
  void check_administrator_left(const Account& before, const Account* after) const;
  void write(const Account& account, uint64_t expected_version);

  StateStore& store_;
  std::mutex writing_;
  mutable std::shared_mutex mutex_;
  std::map<std::string, KnownAccount, std::less<>> accounts_;
};

}  // namespace fermata::accounts
