#pragma once
#include <span>
#include <string_view>

namespace fermata::accounts {

/// A named set of permissions. **Thread**: constants.
struct Role {
  std::string_view name;
  std::span<const std::string_view> permissions;

  /// An administrator may also do what plugins of other makers ask a permission for.
  bool may(std::string_view permission) const;
};

inline constexpr std::string_view kAdministrator = "administrator";
inline constexpr std::string_view kManageUsers = "users.manage";

std::span<const Role> roles();
std::span<const std::string_view> permissions();
/// Null where there is none.
const Role* role_named(std::string_view name);
/// Error invalid, with the roles there are.
const Role& checked_role(std::string_view name);

}  // namespace fermata::accounts
