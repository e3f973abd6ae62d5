#include "sent_notes.hpp"

#include "fermata/error.hpp"

namespace fermata::transfers {

SentNotes::~SentNotes() {
  if (trail_ == nullptr) return;
  try {
    for (const auto& [study, counts] : studies_) tell(study, counts);
  } catch (const std::exception&) {  // the trail says itself when it can't be written
  }
}

void SentNotes::count(std::string_view study_instance_uid, bool taken) {
  auto found = studies_.find(study_instance_uid);
  if (found == studies_.end()) found = studies_.emplace(study_instance_uid, Counts{}).first;
  ++(taken ? found->second.sent : found->second.failed);
}

void SentNotes::tell(const std::string& study_instance_uid, const Counts& counts) const {
  auto detail = "to " + parameters_.node + ", " + std::to_string(counts.sent) + " instances sent";
  if (counts.failed > 0) detail += ", " + std::to_string(counts.failed) + " not taken";
  detail += " by job " + std::to_string(job_);
  AuditEvent event;
  event.action = audit::kStudySent;
  event.outcome = counts.sent == 0 ? AuditEvent::Outcome::failed : AuditEvent::Outcome::success;
  event.user = parameters_.user;
  event.peer_address = parameters_.address;
  event.object = study_instance_uid;
  event.detail = detail;
  trail_->record(event);
}

}  // namespace fermata::transfers
