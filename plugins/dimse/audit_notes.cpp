#include "audit_notes.hpp"

#include <dcmtk/config/osconfig.h>
#include <dcmtk/dcmdata/dctag.h>

#include <cstdio>

namespace fermata::dimse {
namespace {

std::string name_of_key(dicom::Tag tag) {
  DcmTag named(tag.group(), tag.element());
  const std::string_view name(named.getTagName());
  if (!tag.is_private() && name.find(' ') == std::string_view::npos) return std::string(name);
  char number[16];
  std::snprintf(number, sizeof number, "(%04x,%04x)", tag.group(), tag.element());
  return number;
}

AuditEvent event_of(const Caller& caller, std::string_view action) {
  AuditEvent event;
  event.action = action;
  event.user = actor(caller);
  event.peer_address = caller.address;
  return event;
}

}  // namespace

std::string_view actor(const Caller& caller) { return caller.user.empty() ? caller.calling_ae_title : caller.user; }

std::string where(const Caller& caller) {
  return caller.user.empty() ? std::string() : "at " + std::string(caller.calling_ae_title) + ": ";
}

void note_query(AuditTrail& trail, const Caller& caller, const QueryRetrieveRequest& request) {
  std::string keys;
  const dicom::DataSetView identifier(request.identifier);
  for (auto it = identifier.begin(); it != identifier.end(); ++it)
    if (!it->value.empty() && it->tag != dicom::kQueryRetrieveLevel && it->tag != dicom::kSpecificCharacterSet)
      keys += (keys.empty() ? " by " : ", ") + name_of_key(it->tag);
  const auto detail = where(caller) + std::string(name_of(request.level)) + (keys.empty() ? ", all" : keys);
  auto event = event_of(caller, audit::kQuery);
  event.detail = detail;
  trail.record(event);
}

void SentStudies::count(std::string_view study_instance_uid, SubOperations::Outcome outcome) {
  auto found = studies_.find(study_instance_uid);
  if (found == studies_.end()) found = studies_.emplace(study_instance_uid, Counts{}).first;
  ++(outcome == SubOperations::Outcome::failed ? found->second.failed : found->second.sent);
}

SentStudies::~SentStudies() {
  if (trail_ == nullptr) return;
  try {
    for (const auto& [study, counts] : studies_) tell(study, counts);
  } catch (const std::exception&) {  // the trail says itself when it can't be written
  }
}

void SentStudies::tell(const std::string& study_instance_uid, const Counts& counts) const {
  auto event = event_of(caller_, audit::kStudySent);
  event.object = study_instance_uid;
  if (counts.sent == 0) event.outcome = AuditEvent::Outcome::failed;
  auto detail = where(caller_) + (destination_.empty() ? std::string() : "to " + destination_ + ", ");
  detail += std::to_string(counts.sent) + " instances sent";
  if (counts.failed > 0) detail += ", " + std::to_string(counts.failed) + " failed";
  event.detail = detail;
  trail_->record(event);
}

}  // namespace fermata::dimse
