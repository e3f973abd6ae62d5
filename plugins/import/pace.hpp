#pragma once
#include <algorithm>
#include <chrono>
#include <cstdint>
#include <functional>
#include <thread>

namespace fermata::imports {

/// Lets so many steps pass in a second, and no more. **Thread**: one at a time.
class Pace {
 public:
  explicit Pace(uint64_t rate) : step_(rate == 0 ? 0 : 1'000'000'000 / rate) {}

  /// Returns when the next step is due; earlier if `stop` says so.
  void wait(const std::function<bool()>& stop) {
    if (step_.count() == 0) return;
    due_ = std::max(due_ + step_, Clock::now() - kSlack);
    for (auto left = due_ - Clock::now(); left.count() > 0 && !stop(); left = due_ - Clock::now())
      std::this_thread::sleep_for(std::min<Clock::duration>(left, kLook));
  }

 private:
  using Clock = std::chrono::steady_clock;
  static constexpr std::chrono::milliseconds kLook{100};
  static constexpr std::chrono::milliseconds kSlack{100};  ///< of a slow step, made up for by the next ones
  const std::chrono::nanoseconds step_;
  Clock::time_point due_ = Clock::now();
};

}  // namespace fermata::imports
