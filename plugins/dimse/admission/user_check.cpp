#include "admission/user_check.hpp"

#include "fermata/error.hpp"

namespace fermata::dimse {

UserCheck::Known UserCheck::check(T_ASC_Parameters& parameters, const ClaimOrigin& origin,
                                  std::string_view calling_ae_title) const {
  if (demand_ == Demand::ignored) return {};
  Known known;
  if (const auto claim = UserClaim::of(parameters)) {
    try {
      known = identified(*claim, origin);
    } catch (const Error& error) {
      note(origin, calling_ae_title, claim->kind == UserClaim::Kind::password ? claim->primary : "", error.what());
      throw Error(error.code(), std::string("its user is not accepted: ") + error.what());
    }
    if (known.identity) note(origin, calling_ae_title, known.name, {});
    if (known.identity && claim->response_wanted) confirm_user(parameters);
  }
  if (!known.identity && demand_ == Demand::required)
    throw Error(Code::refused, "it has to say who its user is, and prove it");
  return known;
}

UserCheck::Known UserCheck::identified(const UserClaim& claim, const ClaimOrigin& origin) const {
  Known known;
  if (authenticator_ != nullptr) known.identity = identify(*authenticator_, claim, origin);
  if (!known.identity) return known;
  known.name = known.identity->user();
  known.rights = rights_of(*known.identity, kMayEverything);
  return known;
}

/// `problem`: empty if the user was accepted.
void UserCheck::note(const ClaimOrigin& origin, std::string_view calling_ae_title, std::string_view user,
                     std::string_view problem) const {
  journal_.count(problem.empty() ? "users_identified_total" : "users_refused_total", 1);
  if (trail_ == nullptr) return;
  auto detail = "DICOM association of " + std::string(calling_ae_title);
  if (!problem.empty()) detail += ": " + std::string(problem);
  AuditEvent event;
  event.action = audit::kLogin;
  event.outcome = problem.empty() ? AuditEvent::Outcome::success : AuditEvent::Outcome::refused;
  event.user = user;
  event.peer_address = origin.address;
  event.detail = detail;
  trail_->record(event);
}

}  // namespace fermata::dimse
