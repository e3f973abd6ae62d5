#pragma once
#include <dcmtk/config/osconfig.h>
#include <dcmtk/dcmnet/assoc.h>

#include <memory>
#include <optional>
#include <string>

#include "fermata/application_entities.hpp"
#include "fermata/authenticator.hpp"

namespace fermata::dimse {

/// What an A-ASSOCIATE-RQ says of its user (PS3.7 D.3.3.7.1).
struct UserClaim {
  enum class Kind { name, password, kerberos, saml, web_token, other };
  Kind kind = Kind::name;
  std::string primary;    ///< name, ticket, assertion or token
  std::string secondary;  ///< the password
  bool response_wanted = false;

  /// Nothing where the request says nothing.
  static std::optional<UserClaim> of(T_ASC_Parameters& parameters);
};

/// Where it comes from.
struct ClaimOrigin {
  std::string_view address;
  bool secure = false;  ///< nobody listens
};

/// Asks the accounts who that is. Null where nothing proves it: the claim is a mere name.
/// **Errors**: refused (it is wrong, or of a kind that can't be checked; the message says which), unavailable (too many
/// attempts).
std::unique_ptr<Identity> identify(Authenticator& authenticator, const UserClaim& claim, const ClaimOrigin& origin);

/// What the user's permissions leave of what the calling AE title may do.
Rights rights_of(Identity& user, Rights rights);

/// Adds the positive response of D.3.3.7.2 to what A-ASSOCIATE-AC will say.
void confirm_user(T_ASC_Parameters& parameters);

}  // namespace fermata::dimse
