#pragma once
#include <string>
#include <string_view>

#include "fermata/audit_trail.hpp"

namespace fermata::accounts {

/// Tells the audit trail what happens to accounts, where there is one.
///
/// **Thread**: any. **Ownership**: the trail outlives it; null: nobody listens.
class AccountEvents {
 public:
  explicit AccountEvents(AuditTrail* trail) : trail_(trail) {}

  void logged_in(std::string_view user, std::string_view address) const;
  /// `user` as it was given. What is no name is left out: it may be a password in the wrong field.
  void refused(std::string_view user, std::string_view address, std::string_view why) const;
  void logged_out(std::string_view user, std::string_view address) const;
  /// `user` changed the account `object`; for people: how.
  void changed(std::string_view user, std::string_view address, std::string_view object, std::string_view how) const;

 private:
  AuditTrail* const trail_;
};

}  // namespace fermata::accounts
