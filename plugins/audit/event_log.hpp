#pragma once
#include <atomic>
#include <cstdint>
#include <functional>
#include <mutex>
#include <optional>
#include <span>
#include <vector>

#include "fermata/journal.hpp"
#include "fermata/state_store.hpp"
#include "recorded_event.hpp"

namespace fermata::audit_trail {

/// All events that are on the disk, by number. The last document grows until it is full; of the others nothing is held
/// in memory, for documents can be found by number, and by time because events come in the order of time.
///
/// **Thread**: any; `append` one at a time. **Errors**: those of the state store. A document that can't be read is
/// logged and passed over.
class EventLog {
 public:
  EventLog(StateStore& store, Journal journal) : store_(store), journal_(std::move(journal)) {}

  void open();  ///< finds the end; before everything else
  uint64_t last() const { return last_; }

  /// Writes as many of them as the last document has room for, or a new one, and returns how many.
  std::size_t append(std::span<const RecordedEvent> events);

  /// False: no more is wanted.
  using Visit = std::function<bool(const RecordedEvent&)>;
  void visit_before(uint64_t number, const Visit& visit) const;  ///< latest first
  void visit_from(uint64_t number, const Visit& visit) const;    ///< in their order
  /// The number that the first document begins with that begins after this moment; without one, the next number.
  uint64_t first_after(int64_t us) const;

  /// Removes documents of which every event is older, except the last one, and returns how many.
  std::size_t remove_older_than(int64_t us);

 private:
  std::vector<RecordedEvent> read(const Document& document) const;
  bool begins_after(uint64_t number, int64_t us) const;

  StateStore& store_;
  const Journal journal_;
  std::atomic<uint64_t> last_{0};
  std::vector<RecordedEvent> tail_;  ///< the last document's
};

}  // namespace fermata::audit_trail
