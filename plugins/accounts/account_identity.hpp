#pragma once
#include <cstdint>
#include <memory>
#include <string_view>
#include <utility>

#include "callers.hpp"
#include "fermata/authenticator.hpp"
#include "study_visibility.hpp"

namespace fermata::accounts {

/// What a caller may do: what their account's role may, and no more than their token.
///
/// Who has to change their password may do nothing else: asking is Error refused, with a sentence that says so.
/// **Thread**: one at a time. **Ownership**: `visibility` outlives it.
class AccountIdentity final : public Identity {
 public:
  AccountIdentity(Caller caller, StudyVisibility& visibility) : caller_(std::move(caller)), visibility_(visibility) {}

  std::string_view user() override;
  bool may(std::string_view permission) override;
  bool sees_all_studies() override;
  bool sees_study(std::string_view study_instance_uid) override;

 private:
  bool is_settled() const;

  const Caller caller_;
  StudyVisibility& visibility_;
};

/// Tells http who sends a request. **Thread**, **Errors**: as Authenticator says.
class AccountAuthenticator final : public Authenticator {
 public:
  AccountAuthenticator(Callers& callers, StudyVisibility& visibility) : callers_(callers), visibility_(visibility) {}
  std::unique_ptr<Identity> identify(const Credentials& credentials) override {
    return std::make_unique<AccountIdentity>(callers_.of(credentials), visibility_);
  }
  /// The web application, which asks for name and password.
  std::string_view login_page() override { return "/"; }
  uint64_t retry_after(const Credentials& credentials) override {
    return static_cast<uint64_t>(callers_.seconds_to_wait(credentials));
  }

 private:
  Callers& callers_;
  StudyVisibility& visibility_;
};

/// Error refused where this account has to change its password first.
void check_settled(const Account& account);

}  // namespace fermata::accounts
