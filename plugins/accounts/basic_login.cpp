#include "basic_login.hpp"

#include <sodium.h>

#include "random_token.hpp"

namespace fermata::accounts {
namespace {

constexpr int64_t kRemembered = 60;  // seconds
constexpr std::size_t kMostRemembered = 10'000;

}  // namespace

/// Marks name and password as being looked at, for its lifetime. `mutex_` is held when it begins.
class BasicLogin::Attempt {
 public:
  Attempt(BasicLogin& login, const std::string& hash) : login_(login), hash_(hash) { login_.attempts_.insert(hash_); }
  ~Attempt() {
    {
      const std::lock_guard lock(login_.mutex_);
      login_.attempts_.erase(hash_);
    }
    login_.ended_.notify_all();
  }
  Attempt(const Attempt&) = delete;
  Attempt& operator=(const Attempt&) = delete;

 private:
  BasicLogin& login_;
  const std::string& hash_;
};

BasicLogin::BasicLogin(AccountBook& accounts, PasswordLogin& login, Clock clock)
    : accounts_(accounts), login_(login), clock_(std::move(clock)), key_(random_token()) {}

KnownAccount BasicLogin::check(std::string_view name_and_password, std::string_view address) {
  const auto colon = name_and_password.find(':');
  if (colon == std::string_view::npos) throw Error(Code::refused, PasswordLogin::kWrong);
  const auto hash = keyed_hash(name_and_password);
  std::unique_lock lock(mutex_);
  ended_.wait(lock, [&] { return attempts_.count(hash) == 0; });
  if (auto account = remembered(hash)) return account;
  const Attempt attempt(*this, hash);
  lock.unlock();
  auto account = login_.check(name_and_password.substr(0, colon), name_and_password.substr(colon + 1), address);
  remember(hash, *account);
  return account;
}

std::string BasicLogin::keyed_hash(std::string_view text) const {
  std::string hash(crypto_generichash_BYTES, '\0');
  crypto_generichash(reinterpret_cast<unsigned char*>(hash.data()), hash.size(),
                     reinterpret_cast<const unsigned char*>(text.data()), text.size(),
                     reinterpret_cast<const unsigned char*>(key_.data()), key_.size());
  return hash;
}

/// Null where nothing is, or where the account is not what it was. `mutex_` is held.
KnownAccount BasicLogin::remembered(const std::string& hash) const {
  const auto found = verified_.find(hash);
  if (found == verified_.end() || found->second.until <= clock_()) return nullptr;
  auto account = accounts_.find(found->second.name);
  return account && account->enabled && account->password_hash == found->second.password_hash ? account : nullptr;
}

void BasicLogin::remember(const std::string& hash, const Account& account) {
  const auto now = clock_();
  const std::lock_guard lock(mutex_);
  std::erase_if(verified_, [now](const auto& entry) { return entry.second.until <= now; });
  if (verified_.size() >= kMostRemembered) verified_.clear();
  verified_[hash] = {account.name, account.password_hash, now + kRemembered};
}

}  // namespace fermata::accounts
