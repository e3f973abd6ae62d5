#include "durable_trail.hpp"

#include <algorithm>
#include <chrono>
#include <map>
#include <utility>

#include "event_document.hpp"
#include "fermata/error.hpp"

namespace fermata::audit_trail {
namespace {

constexpr std::chrono::seconds kWithin{1};

}  // namespace

DurableTrail::DurableTrail(EventLog& log, Clock now, Journal journal, std::size_t most_waiting)
    : log_(log), now_(std::move(now)), journal_(std::move(journal)), most_waiting_(most_waiting) {}

void DurableTrail::record(const AuditEvent& given) {
  auto event = RecordedEvent::of(given, now_());
  bool lost = false;
  {
    const std::lock_guard lock(mutex_);
    if (repeated_.is_repeated(event)) return;
    waiting_.push_back(std::move(event));
    lost = waiting_.size() > most_waiting_;
    if (lost) {
      waiting_.pop_front();
      ++first_sequence_;
    }
  }
  changed_.notify_one();
  journal_.count("events_total", 1);
  if (lost) journal_.count("lost_events_total", 1);
}

void DurableTrail::start() {
  thread_ = std::thread([this] { work(); });
}

void DurableTrail::look_up_patients_with(PatientLookup lookup) {
  const std::lock_guard flushing(flushing_);
  patient_of_ = std::move(lookup);
}

void DurableTrail::stop() noexcept {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  changed_.notify_all();
  if (!thread_.joinable()) return;
  thread_.join();
  flush();
  if (!waiting_.empty())
    journal_.log(LogLevel::error, "audit events are lost: the state store can't be written",
                 {{"events", std::to_string(waiting_.size())}});
}

void DurableTrail::work() {
  std::unique_lock lock(mutex_);
  for (;;) {
    changed_.wait(lock, [this] { return stopping_ || !waiting_.empty(); });
    // A moment more, so that what happens together is written together.
    changed_.wait_for(lock, kWithin, [this] { return stopping_ || waiting_.size() >= kMostEventsOfDocument; });
    if (stopping_) return;
    lock.unlock();
    const bool written = flush();
    lock.lock();
    if (!written) changed_.wait_for(lock, kWithin, [this] { return stopping_; });
  }
}

/// False if not all that waits could be written.
bool DurableTrail::flush() {
  const std::lock_guard flushing(flushing_);
  for (;;) {
    uint64_t sequence = 0;
    auto events = batch(sequence);
    if (events.empty()) return true;
    complete(events);
    std::size_t written = 0;
    try {
      written = log_.append(events);
    } catch (const std::exception& error) {
      note_failure(error.what());
      return false;
    }
    note_success();
    const std::lock_guard lock(mutex_);
    for (; first_sequence_ < sequence + written; ++first_sequence_) waiting_.pop_front();
  }
}

std::vector<RecordedEvent> DurableTrail::batch(uint64_t& sequence) {
  const std::lock_guard lock(mutex_);
  sequence = first_sequence_;
  const auto count = std::min(waiting_.size(), kMostEventsOfDocument);
  return {waiting_.begin(), waiting_.begin() + static_cast<std::ptrdiff_t>(count)};
}

/// A study that was just removed is known from the event that says so.
void DurableTrail::complete(std::vector<RecordedEvent>& events) {
  std::map<std::string, std::string> patients;
  for (const auto& event : events)
    if (event.is_about_study() && !event.patient_id.empty()) patients.emplace(event.object, event.patient_id);
  for (auto& event : events) {
    if (!event.is_about_study() || !event.patient_id.empty() || event.object.empty()) continue;
    auto found = patients.find(event.object);
    if (found == patients.end() && patient_of_) found = patients.emplace(event.object, patient_of_(event.object)).first;
    if (found != patients.end()) event.patient_id = found->second;
  }
}

void DurableTrail::note_failure(const std::string& why) {
  journal_.count("failed_writes_total", 1);
  if (!std::exchange(failing_, true))
    journal_.log(LogLevel::error, "the audit trail can't be written; events wait in memory until it can: " + why, {});
}

void DurableTrail::note_success() {
  if (std::exchange(failing_, false)) journal_.log(LogLevel::info, "the audit trail is written again", {});
}

std::vector<RecordedEvent> DurableTrail::waiting(uint64_t& first) {
  const std::lock_guard flushing(flushing_);
  first = log_.last() + 1;
  auto number = first;
  const std::lock_guard lock(mutex_);
  std::vector<RecordedEvent> events(waiting_.begin(), waiting_.end());
  for (auto& event : events) event.number = number++;
  return events;
}

}  // namespace fermata::audit_trail
