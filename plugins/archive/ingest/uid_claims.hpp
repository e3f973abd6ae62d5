#pragma once
#include <algorithm>
#include <condition_variable>
#include <mutex>
#include <string>
#include <unordered_set>
#include <vector>

#include "fermata/error.hpp"

namespace fermata::archive {

/// Lets one thread at a time decide about one SOP Instance UID, while all others go on.
///
/// **Thread**: any. Who takes several claims is the only one that does.
class UidClaims {
 public:
  class Claim {
   public:
    Claim() = default;
    Claim(UidClaims& claims, std::string uid) : claims_(&claims), uid_(std::move(uid)) {}
    Claim(Claim&& other) noexcept : claims_(other.claims_), uid_(std::move(other.uid_)) { other.claims_ = nullptr; }
    Claim& operator=(Claim&& other) noexcept {
      if (this != &other) {
        release();
        claims_ = other.claims_;
        uid_ = std::move(other.uid_);
        other.claims_ = nullptr;
      }
      return *this;
    }
    ~Claim() { release(); }

    /// What became of the instance is not known: nobody may decide about it until the next start.
    void leave_in_doubt() {
      const std::lock_guard lock(claims_->mutex_);
      claims_->in_doubt_.insert(uid_);
    }

   private:
    void release() {
      if (claims_ == nullptr) return;
      const std::lock_guard lock(claims_->mutex_);
      claims_->held_.erase(uid_);
      claims_->released_.notify_all();
      claims_ = nullptr;
    }
    UidClaims* claims_ = nullptr;
    std::string uid_;
  };

  /// Waits until nobody else holds it. Error unavailable if it was left in doubt.
  Claim acquire(const std::string& uid) {
    std::unique_lock lock(mutex_);
    released_.wait(lock, [&] { return held_.count(uid) == 0; });
    if (in_doubt_.count(uid) != 0)
      throw Error(Code::unavailable, "the storage failed while it took in instance " + uid +
                                         ": restart the archive to find out what is there");
    held_.insert(uid);
    return {*this, uid};
  }

  /// In ascending order, each once.
  std::vector<Claim> acquire_all(std::vector<std::string> uids) {
    std::sort(uids.begin(), uids.end());
    uids.erase(std::unique(uids.begin(), uids.end()), uids.end());
    std::vector<Claim> claims;
    claims.reserve(uids.size());
    for (const auto& uid : uids) claims.push_back(acquire(uid));
    return claims;
  }

 private:
  std::mutex mutex_;
  std::condition_variable released_;
  std::unordered_set<std::string> held_;
  std::unordered_set<std::string> in_doubt_;
};

}  // namespace fermata::archive
