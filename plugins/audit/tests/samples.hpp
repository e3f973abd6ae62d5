#pragma once
#include <chrono>
#include <functional>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include "event_log.hpp"

namespace fermata::audit_trail {

constexpr int64_t kSecond = 1'000'000;
constexpr int64_t kNow = 1'800'000'000 * kSecond;  // 2027-01-15T08:00:00Z

inline RecordedEvent event(const std::string& object, int64_t time_us = kNow,
                           const std::string& action = std::string(audit::kStudyRead)) {
  RecordedEvent made;
  made.time_us = time_us;
  made.action = action;
  made.user = "jane";
  made.address = "192.0.2.1";
  made.object = object;
  return made;
}

/// Events with the objects "0", "1", ..., a second apart.
inline std::vector<RecordedEvent> events(std::size_t count, int64_t from_us = kNow) {
  std::vector<RecordedEvent> made;
  for (std::size_t i = 0; i < count; ++i)
    made.push_back(event(std::to_string(i), from_us + static_cast<int64_t>(i) * kSecond));
  return made;
}

inline void append_all(EventLog& log, std::span<const RecordedEvent> events) {
  while (!events.empty()) events = events.subspan(log.append(events));
}

inline void until(const std::function<bool()>& reached) {
  for (int i = 0; i < 4000; ++i) {
    if (reached()) return;
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
  throw std::runtime_error("it does not come to what was expected");
}

}  // namespace fermata::audit_trail
