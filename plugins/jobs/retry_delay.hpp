#pragma once
#include <algorithm>
#include <cstdint>

namespace fermata::jobs {

/// How long a job waits after as many fruitless attempts: 10 s after the first, twice as long each time, at most 1 h.
inline int64_t retry_delay_us(uint64_t attempts) {
  constexpr int64_t kFirst = 10'000'000;
  constexpr int64_t kLongest = 3'600'000'000;
  const auto doublings = std::clamp<uint64_t>(attempts, 1, 10) - 1;
  return std::min(kFirst << doublings, kLongest);
}

}  // namespace fermata::jobs
