#include "admission/user_identity.hpp"

#include "fermata/dicom/json_text.hpp"
#include "fermata/error.hpp"

namespace fermata::dimse {
namespace {

UserClaim::Kind kind_of(T_ASC_UserIdentityNegotiationMode mode) {
  switch (mode) {
    case ASC_USER_IDENTITY_USER:
      return UserClaim::Kind::name;
    case ASC_USER_IDENTITY_USER_PASSWORD:
      return UserClaim::Kind::password;
    case ASC_USER_IDENTITY_KERBEROS:
      return UserClaim::Kind::kerberos;
    case ASC_USER_IDENTITY_SAML:
      return UserClaim::Kind::saml;
    case ASC_USER_IDENTITY_JWT:
      return UserClaim::Kind::web_token;
    default:
      return UserClaim::Kind::other;
  }
}

std::string taken(char* buffer, std::size_t length) {
  const std::unique_ptr<char[]> owned(buffer);
  return buffer == nullptr ? std::string() : std::string(buffer, length);
}

std::string basic(const std::string& name_and_password) {
  std::string authorization = "Basic ";
  dicom::json::append_base64(authorization, std::as_bytes(std::span(name_and_password)));
  return authorization;
}

}  // namespace

std::optional<UserClaim> UserClaim::of(T_ASC_Parameters& parameters) {
  UserIdentityNegotiationSubItemRQ* item = nullptr;
  ASC_getUserIdentRQ(&parameters, &item);
  if (item == nullptr || item->getIdentityType() == ASC_USER_IDENTITY_NONE) return {};
  UserClaim claim;
  claim.kind = kind_of(item->getIdentityType());
  claim.response_wanted = item->isPosResponseRequested();
  char* buffer = nullptr;
  Uint16 length = 0;
  item->getPrimField(buffer, length);
  claim.primary = taken(buffer, length);
  buffer = nullptr;
  length = 0;
  item->getSecField(buffer, length);
  claim.secondary = taken(buffer, length);
  return claim;
}

std::unique_ptr<Identity> identify(Authenticator& authenticator, const UserClaim& claim, const ClaimOrigin& origin) {
  std::string authorization;
  switch (claim.kind) {
    case UserClaim::Kind::name:
      return nullptr;
    case UserClaim::Kind::password:
      if (claim.primary.find(':') != std::string::npos) throw Error(Code::refused, "a user's name has no colon");
      authorization = basic(claim.primary + ":" + claim.secondary);
      break;
    case UserClaim::Kind::web_token:
      authorization = "Bearer " + claim.primary;
      break;
    case UserClaim::Kind::kerberos:
      throw Error(Code::refused,
                  "a Kerberos ticket can't be checked here: use a name and password, or a JSON Web Token");
    case UserClaim::Kind::saml:
      throw Error(Code::refused,
                  "a SAML assertion can't be checked here: use a name and password, or a JSON Web Token");
    case UserClaim::Kind::other:
      throw Error(Code::refused, "its kind of user identity is not known here");
  }
  Credentials credentials;
  credentials.authorization = authorization;
  credentials.peer_address = origin.address;
  credentials.secure = origin.secure;
  auto user = authenticator.identify(credentials);
  if (!user || user->user().empty()) throw Error(Code::refused, "nobody is known by what it says");
  return user;
}

Rights rights_of(Identity& user, Rights rights) {
  if (!user.may("studies.store")) rights &= ~kMayStore;
  if (!user.may("studies.read")) rights &= ~(kMayQuery | kMayRetrieve);
  return rights;
}

void confirm_user(T_ASC_Parameters& parameters) {
  // The association deletes it.
  auto response = std::make_unique<UserIdentityNegotiationSubItemAC>();
  response->setServerResponse("", 0);
  delete parameters.DULparams.ackUserIdentNeg;
  parameters.DULparams.ackUserIdentNeg = response.release();
}

}  // namespace fermata::dimse
