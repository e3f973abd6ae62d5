#pragma once
#include <atomic>
#include <cstdint>

#include "job_table.hpp"

namespace fermata::jobs {

/// A clock that a test sets.
struct GivenClock {
  std::atomic<int64_t> now_us{1'000'000'000'000};
  Clock clock() {
    return [this] { return now_us.load(); };
  }
  void pass(int64_t seconds) { now_us += seconds * 1'000'000; }
};

inline std::span<const std::byte> bytes(std::string_view text) { return std::as_bytes(std::span(text)); }
inline std::string text(std::span<const std::byte> of) { return {reinterpret_cast<const char*>(of.data()), of.size()}; }
inline JobRequest request(std::string_view kind, std::string_view parameters = "p", std::string_view user = "jane") {
  return {kind, "Something to do", bytes(parameters), user};
}

}  // namespace fermata::jobs
