#include "password_hasher.hpp"

#include <sodium.h>

#include <array>

#include "fermata/error.hpp"
#include "random_token.hpp"

namespace fermata::accounts {
namespace {

constexpr std::size_t kMostWaiting = 32;

}  // namespace

HashCost HashCost::interactive() { return {crypto_pwhash_OPSLIMIT_INTERACTIVE, crypto_pwhash_MEMLIMIT_INTERACTIVE}; }

/// The right to hash, for its lifetime.
class PasswordHasher::Turn {
 public:
  explicit Turn(PasswordHasher& hasher) : hasher_(hasher) {
    std::unique_lock lock(hasher_.mutex_);
    if (hasher_.waiting_ >= kMostWaiting)
      throw Error(Code::unavailable, "Too many people log in at the same time. Try again in a few seconds.");
    ++hasher_.waiting_;
    hasher_.freed_.wait(lock, [this] { return hasher_.running_ < hasher_.at_once_; });
    --hasher_.waiting_;
    ++hasher_.running_;
  }
  ~Turn() {
    {
      const std::lock_guard lock(hasher_.mutex_);
      --hasher_.running_;
    }
    hasher_.freed_.notify_one();
  }
  Turn(const Turn&) = delete;
  Turn& operator=(const Turn&) = delete;

 private:
  PasswordHasher& hasher_;
};

PasswordHasher::PasswordHasher(HashCost cost, std::size_t at_once)
    : cost_(cost), at_once_(at_once), decoy_(hash(random_token())) {}

std::string PasswordHasher::hash(std::string_view password) {
  const Turn turn(*this);
  std::array<char, crypto_pwhash_STRBYTES> text{};
  if (crypto_pwhash_str(text.data(), password.data(), password.size(), cost_.operations, cost_.memory) != 0)
    throw Error(Code::out_of_memory, "there is not enough memory to hash a password");
  return text.data();
}

bool PasswordHasher::matches(const std::string& hash, std::string_view password) {
  const Turn turn(*this);
  return crypto_pwhash_str_verify(hash.c_str(), password.data(), password.size()) == 0;
}

bool PasswordHasher::is_outdated(const std::string& hash) const {
  return crypto_pwhash_str_needs_rehash(hash.c_str(), cost_.operations, cost_.memory) != 0;
}

}  // namespace fermata::accounts
