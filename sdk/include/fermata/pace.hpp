#pragma once
#include <algorithm>
#include <chrono>
#include <cstdint>
#include <functional>
#include <thread>

namespace fermata {

/// Makes work as slow as was asked for: so many files, bytes or studies in a second, and no more.
///
/// *Used by* what goes on in the background and leaves the machine to others. **Thread**: one at a time.
class Pace {
 public:
  /// `per_second` 0: as fast as it goes.
  explicit Pace(double per_second) : each_(per_second > 0 ? 1 / per_second : 0) {}

  /// Returns when the time that so many units take is over; earlier if `stop` says so. What other work took meanwhile
  /// is part of that time.
  void wait(uint64_t units, const std::function<bool()>& stop) {
    if (each_.count() == 0) return;
    const auto time = std::chrono::duration_cast<Clock::duration>(each_ * static_cast<double>(units));
    due_ = std::max(due_, Clock::now() - kSlack) + time;
    for (auto left = due_ - Clock::now(); left.count() > 0 && !stop(); left = due_ - Clock::now())
      std::this_thread::sleep_for(std::min<Clock::duration>(left, kLook));
  }

 private:
  using Clock = std::chrono::steady_clock;
  static constexpr std::chrono::milliseconds kLook{100};
  /// Of work that was late; the next one may make up for it. More than that would become a burst.
  static constexpr std::chrono::milliseconds kSlack{100};
  const std::chrono::duration<double> each_;
  Clock::time_point due_ = Clock::now();
};

}  // namespace fermata
