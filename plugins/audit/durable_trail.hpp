#pragma once
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "event_log.hpp"
#include "fermata/audit_trail.hpp"
#include "repeated_reads.hpp"

namespace fermata::audit_trail {

using Clock = std::function<int64_t()>;  ///< microseconds since 1970-01-01 UTC
/// The patient of a study that is in the archive; empty if it is not known. **Errors**: none.
using PatientLookup = std::function<std::string(const std::string& study_instance_uid)>;

/// Takes events down in memory at once, and writes them within a second on a thread of its own.
///
/// While the state store can't be written, events wait here, as many as `most_waiting`; of more, the oldest are lost
/// and counted. **Thread**: any. **Ownership**: the log outlives it. **Errors**: see AuditTrail.
class DurableTrail final : public AuditTrail {
 public:
  static constexpr std::size_t kMostWaiting = 100'000;

  DurableTrail(EventLog& log, Clock now, Journal journal, std::size_t most_waiting = kMostWaiting);
  ~DurableTrail() override { stop(); }
  DurableTrail(const DurableTrail&) = delete;
  DurableTrail& operator=(const DurableTrail&) = delete;

  void record(const AuditEvent& event) override;

  /// From here on events are written.
  void start();
  /// Studies that events name without their patient are looked up from here on, until an empty one is given.
  void look_up_patients_with(PatientLookup lookup);
  /// Writes what is there, and no more after that.
  void stop() noexcept;

  /// What is not on the disk yet, with the numbers that it will have there; and the first of these numbers.
  std::vector<RecordedEvent> waiting(uint64_t& first);

 private:
  void work();
  bool flush();
  std::vector<RecordedEvent> batch(uint64_t& sequence);
  void complete(std::vector<RecordedEvent>& events);
  void note_failure(const std::string& why);
  void note_success();

  EventLog& log_;
  const Clock now_;
  const Journal journal_;
  const std::size_t most_waiting_;

  std::mutex flushing_;  // taken before mutex_, held while events are written
  bool failing_ = false;
  PatientLookup patient_of_;

  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<RecordedEvent> waiting_;
  uint64_t first_sequence_ = 0;  ///< of the one that waits longest: how many were there before it
  RepeatedReads repeated_;
  bool stopping_ = false;
  std::thread thread_;
};

}  // namespace fermata::audit_trail
