#include "rate.hpp"

#include <cmath>

namespace fermata::jobs {
namespace {

constexpr double kSmoothedOver = 10;       // seconds
constexpr int64_t kShortest_us = 500'000;  // between two measurements: less would measure the clock

double seconds(int64_t us) { return static_cast<double>(us) / 1e6; }

}  // namespace

void Rate::note(uint64_t done, int64_t now_us) {
  if (!begun_ || done < done_) {  // the first one may be where an earlier attempt ended
    *this = {};
    begun_ = true;
    done_ = done;
    at_us_ = now_us;
    return;
  }
  const auto passed = now_us - at_us_;
  if (passed < kShortest_us) return;
  const double measured = static_cast<double>(done - done_) / seconds(passed);
  const double weight = known_ ? 1 - std::exp(-seconds(passed) / kSmoothedOver) : 1;
  per_second_ += weight * (measured - per_second_);
  known_ = true;
  done_ = done;
  at_us_ = now_us;
}

double Rate::per_second(int64_t now_us) const {
  const double idle = seconds(now_us - at_us_) - kSmoothedOver;
  return idle > 0 ? per_second_ * std::exp(-idle / kSmoothedOver) : per_second_;
}

}  // namespace fermata::jobs
