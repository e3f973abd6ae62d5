#include "account_identity.hpp"

namespace fermata::accounts {

std::string_view AccountIdentity::user() {
  return caller_.account ? std::string_view(caller_.account->name) : std::string_view{};
}

bool AccountIdentity::may(std::string_view permission) {
  if (!caller_.account) return false;
  check_settled(*caller_.account);
  return caller_.may(permission);
}

bool AccountIdentity::sees_all_studies() { return is_settled() && caller_.account->visibility.empty(); }

bool AccountIdentity::sees_study(std::string_view study) {
  return is_settled() && visibility_.sees(caller_.account, study);
}

bool AccountIdentity::is_settled() const { return caller_.account && !caller_.account->must_change_password; }

void check_settled(const Account& account) {
  if (account.must_change_password)
    throw Error(Code::refused,
                "The account \"" + account.name +
                    "\" may do nothing before it has a new password. Log in on the web page, or send the "
                    "old and the new one with PUT /api/session/password.");
}

}  // namespace fermata::accounts
