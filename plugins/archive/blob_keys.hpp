#pragma once
#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <string_view>

namespace fermata::archive {

/// Hands out blob keys that begin with the date of receipt and ascend strictly, and knows which are in flight.
///
/// `2024/05/31/142233456/0007.dcm`: date and time of day (UTC, to the millisecond) of when the bucket was opened, and
/// the number in it. A bucket is closed after 1000 objects, an hour, or at midnight. Where the clock goes back, the
/// bucket stays or moves on by a millisecond: a key is never below one that was handed out, or below the floor.
///
/// **Thread**: any. **Ownership**: leases end before this.
class BlobKeys {
 public:
  using Clock = std::function<std::chrono::system_clock::time_point()>;

  explicit BlobKeys(Clock clock = std::chrono::system_clock::now) : clock_(std::move(clock)) {}

  /// A key in flight, until the lease is settled: its object is indexed, or there is none.
  class Lease {
   public:
    Lease(BlobKeys& keys, std::string key) : keys_(&keys), key_(std::move(key)) {}
    Lease(Lease&& other) noexcept : keys_(other.keys_), key_(std::move(other.key_)) { other.keys_ = nullptr; }
    Lease& operator=(Lease&&) = delete;
    ~Lease() {
      if (keys_ != nullptr) keys_->settle(key_);
    }
    const std::string& key() const { return key_; }
    /// What became of the blob is not known: only recovery at the next start may pass it.
    void leave_in_doubt() { keys_ = nullptr; }

   private:
    BlobKeys* keys_;
    std::string key_;
  };

  /// Keys from now on are above this one. It has their form.
  void raise_floor(std::string_view key);
  Lease next();
  /// Closes the bucket: it holds a blob that was not expected.
  void abandon_bucket();
  /// The greatest key such that it and everything below it is settled. Empty: nothing is known.
  std::string settled() const;

  /// The key has the form described above: it was handed out here, now or in an earlier run.
  static bool is_own(std::string_view key);
  /// The time in a key, in microseconds since 1970-01-01 UTC; 0 if it is no key of this form.
  static int64_t time_us(std::string_view key);

 private:
  void settle(const std::string& key);
  void open_bucket(std::chrono::milliseconds now);

  const Clock clock_;
  mutable std::mutex mutex_;
  std::chrono::milliseconds bucket_{0};  ///< since 1970-01-01 UTC
  std::string prefix_;
  unsigned used_ = 0;
  std::string last_;
  std::map<std::string, std::string> in_flight_;  ///< and the key before each
};

}  // namespace fermata::archive
