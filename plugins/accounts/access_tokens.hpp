#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "access_token.hpp"
#include "clock.hpp"
#include "secret_book.hpp"

namespace fermata::accounts {

/// The access tokens of all users (`accounts.tokens`): what programs show in the field Authorization (RFC 6750).
///
/// **Thread**: any; `find` waits for no disk. **Ownership**: the state store outlives it. **Errors**: those of the
/// state store, not_found, conflict (a user has too many).
class AccessTokens {
 public:
  static constexpr const char* kCollection = "accounts.tokens";
  static constexpr std::string_view kPrefix = "fermata_";  ///< by which programs that look for leaked secrets know them

  AccessTokens(StateStore& store, Clock clock);

  /// `wanted` without hash and times of creation and use. Returns the token, which nobody can tell later.
  std::string add(AccessToken wanted);
  /// Nothing where there is none, or where it has expired.
  std::optional<AccessToken> find(std::string_view token);
  std::vector<AccessToken> of(std::string_view user) const;  ///< latest made first
  void remove(std::string_view user, std::string_view id);   ///< Error not_found
  void remove_all(std::string_view user);

  /// Forgets those of users that `exists` does not know. Expired ones stay for people to see.
  void clean(const std::function<bool(const std::string&)>& exists);
  void write_used() { book_.write_used(); }

 private:
  const Clock clock_;
  SecretBook<AccessToken> book_;
};

}  // namespace fermata::accounts
