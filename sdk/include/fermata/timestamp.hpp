#pragma once
#include <chrono>
#include <cstdint>
#include <ctime>
#include <string>

namespace fermata {

/// Microseconds since 1970, as all of Fermata keeps them, by the machine's clock; somebody may set that back.
inline int64_t now_us() {
  using namespace std::chrono;
  return duration_cast<microseconds>(system_clock::now().time_since_epoch()).count();
}

/// A time in UTC, in a form of strftime(3).
inline std::string utc_text(int64_t microseconds, const char* form) {
  const auto seconds = static_cast<std::time_t>(microseconds / 1'000'000);
  std::tm parts{};
  gmtime_r(&seconds, &parts);
  char text[64];
  return {text, std::strftime(text, sizeof text, form, &parts)};
}

/// For people: "2024-01-31 12:00:00Z".
inline std::string utc_text(int64_t microseconds) { return utc_text(microseconds, "%Y-%m-%d %H:%M:%SZ"); }

/// For programs, as RFC 3339 has it: "2024-01-31T12:00:00Z".
inline std::string rfc3339(int64_t microseconds) { return utc_text(microseconds, "%Y-%m-%dT%H:%M:%SZ"); }

}  // namespace fermata
