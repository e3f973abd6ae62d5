#include "account_events.hpp"

#include "account.hpp"

namespace fermata::accounts {

void AccountEvents::logged_in(std::string_view user, std::string_view address) const {
  if (trail_ != nullptr) trail_->record({audit::kLogin, AuditEvent::Outcome::success, user, address, user, {}, {}, 0});
}

void AccountEvents::refused(std::string_view user, std::string_view address, std::string_view why) const {
  const auto name = is_name(user) ? user : std::string_view{};
  if (trail_ != nullptr) trail_->record({audit::kLogin, AuditEvent::Outcome::refused, name, address, name, {}, why, 0});
}

void AccountEvents::logged_out(std::string_view user, std::string_view address) const {
  if (trail_ != nullptr) trail_->record({audit::kLogout, AuditEvent::Outcome::success, user, address, user, {}, {}, 0});
}

void AccountEvents::changed(std::string_view user, std::string_view address, std::string_view object,
                            std::string_view how) const {
  if (trail_ != nullptr)
    trail_->record({audit::kUserChanged, AuditEvent::Outcome::success, user, address, object, {}, how, 0});
}

}  // namespace fermata::accounts
