#include "recorded_event.hpp"

#include "fermata/error.hpp"
#include "fermata/plain_text.hpp"

namespace fermata::audit_trail {
namespace {

constexpr std::size_t kLongestWord = 64;
constexpr std::size_t kLongestName = 256;
constexpr std::size_t kLongestDetail = 1024;

}  // namespace

RecordedEvent RecordedEvent::of(const AuditEvent& event, int64_t now_us) {
  if (event.action.empty()) throw Error(Code::invalid, "an audit event says what was done: its action is missing");
  RecordedEvent recorded;
  recorded.time_us = event.time_us != 0 ? event.time_us : now_us;
  recorded.action = plain_text(event.action, kLongestWord);
  recorded.outcome = event.outcome;
  recorded.user = plain_text(event.user, kLongestName);
  recorded.address = plain_text(event.peer_address, kLongestName);
  recorded.object = plain_text(event.object, kLongestName);
  recorded.patient_id = plain_text(event.patient_id, kLongestName);
  recorded.detail = plain_text(event.detail, kLongestDetail);
  return recorded;
}

std::string_view outcome_name(AuditEvent::Outcome outcome) {
  switch (outcome) {
    case AuditEvent::Outcome::refused:
      return "refused";
    case AuditEvent::Outcome::failed:
      return "failed";
    case AuditEvent::Outcome::success:
      break;
  }
  return "success";
}

}  // namespace fermata::audit_trail
