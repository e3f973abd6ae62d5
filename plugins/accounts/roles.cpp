#include "roles.hpp"

#include <algorithm>
#include <array>
#include <string>

#include "fermata/error.hpp"

namespace fermata::accounts {
namespace {

constexpr std::array<std::string_view, 18> kAll{
    "studies.read",   "studies.store", "studies.export", "studies.send", "studies.import", "studies.label",
    "studies.delete", "nodes.read",    "nodes.manage",   "jobs.read",    "jobs.manage",    "system.read",
    "settings.read",  "metrics.read",  kManageUsers,     "audit.read",   "worklist.read",  "worklist.manage"};
constexpr std::array<std::string_view, 6> kClinician{"studies.read",  "studies.export", "studies.send",
                                                     "studies.label", "jobs.read",      "nodes.read"};
constexpr std::array<std::string_view, 6> kTechnician{"studies.read", "studies.store", "studies.send",
                                                      "nodes.read",   "jobs.read",     "worklist.read"};
constexpr std::array<std::string_view, 1> kViewer{"studies.read"};
constexpr std::array<std::string_view, 2> kAuditor{"audit.read", "system.read"};

constexpr std::array<Role, 5> kRoles{Role{kAdministrator, kAll}, Role{"clinician", kClinician},
                                     Role{"technician", kTechnician}, Role{"viewer", kViewer},
                                     Role{"auditor", kAuditor}};

}  // namespace

bool Role::may(std::string_view permission) const {
  return name == kAdministrator || std::find(permissions.begin(), permissions.end(), permission) != permissions.end();
}

std::span<const Role> roles() { return kRoles; }
std::span<const std::string_view> permissions() { return kAll; }

const Role* role_named(std::string_view name) {
  const auto* found = std::find_if(kRoles.begin(), kRoles.end(), [&](const Role& role) { return role.name == name; });
  return found == kRoles.end() ? nullptr : found;
}

const Role& checked_role(std::string_view name) {
  if (const auto* role = role_named(name)) return *role;
  std::string known;
  for (const auto& role : kRoles) known += (known.empty() ? "" : ", ") + std::string(role.name);
  throw Error(Code::invalid, "There is no such role. Choose one of: " + known + ".");
}

}  // namespace fermata::accounts
