#include "repeated_reads.hpp"

namespace fermata::audit_trail {
namespace {

constexpr int64_t kWithin_us = 5 * 60 * 1'000'000;
constexpr std::size_t kMost = 20'000;

std::string key_of(const RecordedEvent& event) {
  std::string key(outcome_name(event.outcome));
  for (const auto* part : {&event.action, &event.user, &event.address, &event.object}) (key += '\n') += *part;
  return key;
}

}  // namespace

bool RepeatedReads::is_repeated(const RecordedEvent& event) {
  if (event.action != audit::kStudyRead && event.action != kTrailRead) return false;
  if (event.time_us - cleaned_us_ > kWithin_us || seen_.size() >= kMost) forget_before(event.time_us - kWithin_us);
  const auto [entry, is_new] = seen_.emplace(key_of(event), event.time_us);
  if (is_new) return false;
  if (event.time_us - entry->second < kWithin_us) return true;
  entry->second = event.time_us;
  return false;
}

void RepeatedReads::forget_before(int64_t us) {
  cleaned_us_ = us + kWithin_us;
  std::erase_if(seen_, [us](const auto& entry) { return entry.second <= us; });
  if (seen_.size() >= kMost) seen_.clear();
}

}  // namespace fermata::audit_trail
