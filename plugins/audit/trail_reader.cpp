#include "trail_reader.hpp"

#include <algorithm>

namespace fermata::audit_trail {
namespace {

/// By so much an event may be recorded after it happened, or the clock set back.
constexpr int64_t kDisorder_us = int64_t{3600} * 1'000'000;

int64_t plus(int64_t us, int64_t more) {
  if (more > 0 && us > INT64_MAX - more) return INT64_MAX;
  if (more < 0 && us < INT64_MIN - more) return INT64_MIN;
  return us + more;
}

}  // namespace

void TrailReader::read(const EventFilter& filter, const EventLog::Visit& visit) const {
  uint64_t first_waiting = 0;
  const auto waiting = trail_.waiting(first_waiting);
  for (auto event = waiting.rbegin(); event != waiting.rend(); ++event)
    if (filter.matches(*event) && !visit(*event)) return;

  auto before = std::min(filter.before, first_waiting);
  if (filter.to_us != INT64_MAX) before = std::min(before, log_.first_after(plus(filter.to_us, kDisorder_us)));
  log_.visit_before(before, [&](const RecordedEvent& event) {
    if (event.time_us < plus(filter.from_us, -kDisorder_us)) return false;
    return !filter.matches(event) || visit(event);
  });
}

}  // namespace fermata::audit_trail
