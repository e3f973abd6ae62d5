#pragma once
#include <condition_variable>
#include <cstddef>
#include <mutex>
#include <string>
#include <string_view>

namespace fermata::accounts {

/// What one hash costs: passes over so many bytes of memory.
struct HashCost {
  unsigned long long operations = 0;
  std::size_t memory = 0;
  static HashCost interactive();  ///< about 0.1 s and 64 MiB
};

/// Hashes passwords with Argon2id (RFC 9106, by libsodium).
///
/// Only a few at the same time, so that a flood of logins can't take all memory; the others wait for their turn, and
/// where too many wait already they are sent away.
/// **Thread**: any number at once. **Errors**: unavailable (too many wait), out_of_memory.
class PasswordHasher {
 public:
  PasswordHasher(HashCost cost, std::size_t at_once);

  std::string hash(std::string_view password);
  bool matches(const std::string& hash, std::string_view password);
  /// Takes as long as `matches`, for an account that does not exist.
  void match_nothing(std::string_view password) { matches(decoy_, password); }
  /// Made with another cost than today's.
  bool is_outdated(const std::string& hash) const;

 private:
  class Turn;

  const HashCost cost_;
  const std::size_t at_once_;
  std::mutex mutex_;
  std::condition_variable freed_;
  std::size_t running_ = 0;
  std::size_t waiting_ = 0;
  std::string decoy_;
};

}  // namespace fermata::accounts
