#pragma once
#include <functional>

#include "durable_trail.hpp"
#include "event_filter.hpp"
#include "event_log.hpp"

namespace fermata::audit_trail {

/// Finds events, latest first: those that wait to be written, then what is on the disk. The trail is not loaded.
///
/// **Thread**: any. **Ownership**: borrows all. **Errors**: those of the state store, and what `visit` throws.
class TrailReader {
 public:
  TrailReader(DurableTrail& trail, const EventLog& log) : trail_(trail), log_(log) {}
  void read(const EventFilter& filter, const EventLog::Visit& visit) const;

 private:
  DurableTrail& trail_;
  const EventLog& log_;
};

}  // namespace fermata::audit_trail
