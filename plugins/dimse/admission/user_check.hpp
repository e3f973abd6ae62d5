#pragma once
#include <memory>
#include <string>
#include <string_view>

#include "admission/user_identity.hpp"
#include "fermata/application_entities.hpp"
#include "fermata/audit_trail.hpp"
#include "fermata/authenticator.hpp"
#include "fermata/journal.hpp"

namespace fermata::dimse {

/// Finds out who the user of an association is, and takes down in the audit trail that they came, or were refused.
///
/// **Thread**: any number at once.
class UserCheck {
 public:
  enum class Demand { ignored, optional, required };
  struct Known {
    std::unique_ptr<Identity> identity;  ///< null: nobody was identified
    std::string name;
    Rights rights = kMayEverything;  ///< that the user has
  };

  UserCheck(Demand demand, const Journal& journal) : demand_(demand), journal_(journal) {}

  /// Both may be null. Before the first `check`.
  void use(Authenticator* authenticator, AuditTrail* trail) {
    authenticator_ = authenticator;
    trail_ = trail;
  }

  /// What the request says of its user is looked at, and confirmed if that is wanted.
  /// **Errors**: refused, unavailable (the association must not come about; the message says why).
  Known check(T_ASC_Parameters& parameters, const ClaimOrigin& origin, std::string_view calling_ae_title) const;

 private:
  Known identified(const UserClaim& claim, const ClaimOrigin& origin) const;
  void note(const ClaimOrigin& origin, std::string_view calling_ae_title, std::string_view user,
            std::string_view problem) const;

  const Demand demand_;
  const Journal& journal_;
  Authenticator* authenticator_ = nullptr;
  AuditTrail* trail_ = nullptr;
};

}  // namespace fermata::dimse
