#pragma once
#include <algorithm>
#include <chrono>
#include <cstddef>
#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <string_view>

namespace fermata {

/// How often each of many, such as network addresses, may do something. Each has a store that fills by `per_second` up
/// to `burst`, and loses one every time.
///
/// *Used by* whatever answers requests that cost more than they take to send.
/// **Thread**: any. **Ownership**: remembers at most `kMostKeys`; beyond them, those with a full store are forgotten
/// first. **Errors**: none.
class RateLimit {
 public:
  using Clock = std::chrono::steady_clock;
  static constexpr std::size_t kMostKeys = 10'000;

  /// `per_second` 0: no limit.
  RateLimit(double per_second, double burst) : per_second_(per_second), burst_(std::max(burst, 1.0)) {}

  /// Zero: done. Otherwise how long there is to wait before it is asked again; nothing was taken.
  std::chrono::milliseconds take(std::string_view key, Clock::time_point now = Clock::now()) {
    if (per_second_ <= 0) return std::chrono::milliseconds(0);
    const std::lock_guard lock(mutex_);
    auto found = stores_.find(key);
    if (found == stores_.end()) {
      if (stores_.size() >= kMostKeys) forget(now);
      found = stores_.emplace(key, Store{burst_, now}).first;
    }
    auto& store = found->second;
    store.left = filled(store, now);
    store.at = now;
    if (store.left >= 1) {
      store.left -= 1;
      return std::chrono::milliseconds(0);
    }
    const std::chrono::duration<double> wait((1 - store.left) / per_second_);
    return std::max(std::chrono::milliseconds(1), std::chrono::ceil<std::chrono::milliseconds>(wait));
  }

 private:
  struct Store {
    double left;
    Clock::time_point at;
  };

  double filled(const Store& store, Clock::time_point now) const {
    return std::min(burst_, store.left + per_second_ * std::chrono::duration<double>(now - store.at).count());
  }
  void forget(Clock::time_point now) {
    std::erase_if(stores_, [&](const auto& entry) { return filled(entry.second, now) >= burst_; });
    if (stores_.size() >= kMostKeys) stores_.erase(stores_.begin());
  }

  const double per_second_;
  const double burst_;
  std::mutex mutex_;
  std::map<std::string, Store, std::less<>> stores_;
};

}  // namespace fermata
