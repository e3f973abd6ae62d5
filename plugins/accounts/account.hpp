#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "roles.hpp"

namespace fermata::accounts {

/// One condition on the studies that somebody sees: the attribute has one of the values, in which * and ? stand for
/// other characters as in a query (PS3.4 C.2.2.2.4).
struct VisibilityRule {
  std::string attribute;  ///< one of kVisibilityAttributes
  std::vector<std::string> values;
};
inline constexpr std::string_view kReferringPhysician = "referring_physician";
inline constexpr std::string_view kInstitution = "institution";
inline constexpr std::string_view kModality = "modality";
inline constexpr std::string_view kLabel = "label";

/// A link with which its holder sets a password without having one. Only the token's hash is kept.
struct SetupLink {
  std::string hash;
  int64_t expires = 0;
};

/// A person, or a program, that may log in. Times are seconds since 1970; 0: never. **Thread**: a value.
struct Account {
  std::string name;  ///< in lower case, for good
  std::string display_name;
  std::string email;
  std::string role;
  std::vector<std::string> also;  ///< permissions besides those of the role
  std::string password_hash;      ///< empty: nobody can log in with a password yet
  bool enabled = true;
  bool must_change_password = false;
  int64_t created = 0;
  int64_t last_login = 0;
  std::vector<VisibilityRule> visibility;  ///< all have to hold; none: every study is visible
  std::optional<SetupLink> setup;

  bool may(std::string_view permission) const;
  /// Who is in a position to manage accounts.
  bool is_working_administrator() const { return role == kAdministrator && enabled && !password_hash.empty(); }
};

/// A name as it is kept: in lower case. Error invalid where it is none: 1 to 64 letters, digits and the characters
/// . _ @ -
std::string checked_name(std::string_view name);
bool is_name(std::string_view name);
/// Error invalid where it is too long or has control characters; an empty one is allowed.
std::string checked_display_name(std::string_view text);
std::string checked_email(std::string_view text);
/// Permissions that may be given besides a role's, each once: all but that to manage accounts, which makes an
/// administrator.
std::vector<std::string> checked_also(std::vector<std::string> wanted);
std::vector<VisibilityRule> checked_visibility(std::vector<VisibilityRule> rules);
/// Error invalid where it is easy to guess: less than 10 characters, or the account's name.
void check_password(std::string_view name, std::string_view password);

}  // namespace fermata::accounts
