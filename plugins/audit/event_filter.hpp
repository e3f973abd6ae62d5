#pragma once
#include <cstdint>
#include <string>
#include <string_view>

#include "recorded_event.hpp"

namespace fermata::audit_trail {

/// Which events are wanted. **Thread**: a value.
struct EventFilter {
  int64_t from_us = INT64_MIN;
  int64_t to_us = INT64_MAX;     ///< up to and including this moment
  uint64_t before = UINT64_MAX;  ///< only events with smaller numbers: the next page
  std::string user;              ///< a part of it, in any case; so for `object`
  std::string action;            ///< the word, or what it begins with before a dot: "study" for "study.read"
  std::string object;

  bool matches(const RecordedEvent& event) const;
};

/// A moment as RFC 3339 has it, or a date in UTC: its beginning, or with `end` its last microsecond. **Errors**:
/// invalid.
int64_t parse_moment(std::string_view text, bool end);
std::string moment_text_with_fraction(int64_t us);  ///< "2026-11-27T19:30:00.123Z"

}  // namespace fermata::audit_trail
