#pragma once
#include <poll.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstdint>
#include <limits>

namespace fermata::dimse {

// Waits of poll(2) with an end. **Thread**: any.

inline std::chrono::milliseconds until(std::chrono::steady_clock::time_point moment) {
  return std::max(std::chrono::milliseconds(0),
                  std::chrono::ceil<std::chrono::milliseconds>(moment - std::chrono::steady_clock::now()));
}

inline int poll_time(std::chrono::milliseconds limit) {
  return static_cast<int>(std::min<int64_t>(limit.count(), std::numeric_limits<int>::max()));
}

/// Waits for one of the events; negative: error, 0: time is up.
inline int poll_one(int descriptor, short events, std::chrono::milliseconds limit) {
  const auto end = std::chrono::steady_clock::now() + limit;
  for (;;) {
    pollfd entry{descriptor, events, 0};
    const int ready = ::poll(&entry, 1, poll_time(until(end)));
    if (ready >= 0 || errno != EINTR) return ready;
  }
}

}  // namespace fermata::dimse
