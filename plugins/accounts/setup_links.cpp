#include "setup_links.hpp"

#include "fermata/error.hpp"
#include "random_token.hpp"

namespace fermata::accounts {
namespace {

constexpr int64_t kGoodFor = 24 * 3600;
constexpr const char* kEnded = "This link was used already, or it has ended. Ask an administrator for another one.";

}  // namespace

std::string SetupLinks::make_for_first_administrator() {
  auto token = random_token();
  const std::lock_guard lock(mutex_);
  first_ = SetupLink{token_hash(token), clock_() + kGoodFor};
  return token;
}

std::string SetupLinks::make_for(std::string_view name) {
  auto token = random_token();
  const SetupLink link{token_hash(token), clock_() + kGoodFor};
  accounts_.change(name, [&](Account& account) { account.setup = link; });
  return token;
}

KnownAccount SetupLinks::holder(std::string_view token) const {
  const auto hash = token_hash(token);
  if (is_for_first_administrator(hash)) return nullptr;
  for (auto& account : accounts_.list())
    if (account->enabled && account->setup && account->setup->hash == hash && clock_() < account->setup->expires)
      return account;
  throw Error(Code::not_found, kEnded);
}

KnownAccount SetupLinks::redeem(std::string_view token, const std::string& name, const std::string& display_name,
                                const std::string& password_hash) {
  const std::lock_guard lock(redeeming_);
  const auto account = holder(token);
  if (!account) return make_first_administrator(name, display_name, password_hash);
  return accounts_.change(account->name, [&](Account& changed) {
    changed.setup.reset();
    changed.password_hash = password_hash;
    changed.must_change_password = false;
    changed.last_login = clock_();
    if (!display_name.empty()) changed.display_name = display_name;
  });
}

KnownAccount SetupLinks::make_first_administrator(const std::string& name, const std::string& display_name,
                                                  const std::string& password_hash) {
  Account account;
  account.name = name;
  account.display_name = display_name;
  account.role = kAdministrator;
  account.password_hash = password_hash;
  account.created = account.last_login = clock_();
  auto made = accounts_.add(account);
  const std::lock_guard lock(mutex_);
  first_.reset();
  return made;
}

bool SetupLinks::is_for_first_administrator(std::string_view hash) const {
  const std::lock_guard lock(mutex_);
  return first_ && first_->hash == hash && clock_() < first_->expires && !accounts_.has_administrator();
}

std::string setup_url(std::string_view base_url, std::string_view token) {
  return std::string(base_url) + "/?setup=" + std::string(token);
}

}  // namespace fermata::accounts
