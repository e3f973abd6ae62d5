#include "basic_login.hpp"

#include <sodium.h>

#include "random_token.hpp"

namespace fermata::accounts {
namespace {

constexpr int64_t kRemembered = 60;  // seconds
constexpr std::size_t kMostRemembered = 1000;

}  // namespace

BasicLogin::BasicLogin(AccountBook& accounts, PasswordLogin& login, Clock clock)
    : accounts_(accounts), login_(login), clock_(std::move(clock)), key_(random_token()) {}

KnownAccount BasicLogin::check(std::string_view name_and_password, std::string_view address) {
  const auto colon = name_and_password.find(':');
  if (colon == std::string_view::npos) throw Error(Code::refused, PasswordLogin::kWrong);
  const auto hash = keyed_hash(name_and_password);
  auto& stripe = stripes_[static_cast<unsigned char>(hash[0]) % kStripes];
  const std::lock_guard lock(stripe.mutex);
  if (auto account = remembered(stripe, hash)) return account;
  auto account = login_.check(name_and_password.substr(0, colon), name_and_password.substr(colon + 1), address);
  remember(stripe, hash, *account);
  return account;
}

std::string BasicLogin::keyed_hash(std::string_view text) const {
  std::string hash(crypto_generichash_BYTES, '\0');
  crypto_generichash(reinterpret_cast<unsigned char*>(hash.data()), hash.size(),
                     reinterpret_cast<const unsigned char*>(text.data()), text.size(),
                     reinterpret_cast<const unsigned char*>(key_.data()), key_.size());
  return hash;
}

/// Null where nothing is, or where the account is not what it was.
KnownAccount BasicLogin::remembered(const Stripe& stripe, const std::string& hash) const {
  const auto found = stripe.verified.find(hash);
  if (found == stripe.verified.end() || found->second.until <= clock_()) return nullptr;
  auto account = accounts_.find(found->second.name);
  return account && account->enabled && account->password_hash == found->second.password_hash ? account : nullptr;
}

void BasicLogin::remember(Stripe& stripe, const std::string& hash, const Account& account) const {
  const auto now = clock_();
  std::erase_if(stripe.verified, [now](const auto& entry) { return entry.second.until <= now; });
  if (stripe.verified.size() >= kMostRemembered) stripe.verified.clear();
  stripe.verified[hash] = {account.name, account.password_hash, now + kRemembered};
}

}  // namespace fermata::accounts
