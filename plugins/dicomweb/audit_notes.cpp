#include "audit_notes.hpp"

#include <map>

#include "fermata/dicom/data_set_view.hpp"
#include "fermata/query_parameters.hpp"
#include "resource.hpp"

namespace fermata::dicomweb {
namespace {

AuditEvent event_of(HttpRequest& request, std::string_view action) {
  AuditEvent event;
  event.action = action;
  event.user = request.user();
  event.peer_address = request.peer_address();
  return event;
}

std::string_view name_of(Level level) {
  if (level == Level::study) return "studies";
  return level == Level::series ? "series" : "instances";
}

/// Parameters of a search that say how it is answered.
bool is_key(std::string_view name) {
  for (const std::string_view other : {"limit", "offset", "includefield", "fuzzymatching", "accept", "access_token"})
    if (name == other) return false;
  return true;
}

struct Counts {
  uint64_t stored = 0;
  uint64_t failed = 0;
};

}  // namespace

void AuditNotes::read(HttpRequest& request, const std::string& study_instance_uid) const {
  if (trail_ == nullptr) return;
  auto event = event_of(request, audit::kStudyRead);
  event.object = study_instance_uid;
  event.detail = "DICOMweb";
  trail_->record(event);
}

void AuditNotes::searched(HttpRequest& request, Level level) const {
  if (trail_ == nullptr) return;
  std::string keys;
  for (const auto& parameter : QueryParameters(request.query()))
    if (is_key(parameter.name)) keys += (keys.empty() ? " by " : ", ") + parameter.name;
  const auto study = request.parameter("study");
  const auto detail = std::string(name_of(level)) + (keys.empty() && study.empty() ? ", all" : keys);
  auto event = event_of(request, audit::kQuery);
  event.object = study;
  event.detail = detail;
  trail_->record(event);
}

void AuditNotes::stored(HttpRequest& request, const std::deque<StoreResult>& results) const {
  if (trail_ == nullptr) return;
  std::map<std::string, Counts> studies;
  for (const auto& result : results) {
    if (result.study_instance_uid.empty()) continue;
    auto& counts = studies[result.study_instance_uid];
    ++(result.kind == StoreResult::Kind::failed ? counts.failed : counts.stored);
  }
  for (const auto& [study, counts] : studies) {
    auto detail = std::to_string(counts.stored) + " instances";
    if (counts.failed > 0) detail += ", " + std::to_string(counts.failed) + " refused";
    auto event = event_of(request, audit::kStudyStored);
    if (counts.stored == 0) event.outcome = AuditEvent::Outcome::failed;
    event.object = study;
    event.detail = detail;
    trail_->record(event);
  }
}

void AuditNotes::deleted(HttpRequest& request, const std::string& patient_id) const {
  if (trail_ == nullptr) return;
  const auto resource = Resource::of(request);
  auto event = event_of(request, audit::kStudyDeleted);
  event.object = resource.study;
  event.patient_id = patient_id;
  const auto detail = resource.series.empty() ? std::string() : "only " + resource.name();
  event.detail = detail;
  trail_->record(event);
}

/// Before it is gone.
std::string AuditNotes::patient_of(Archive& archive, std::string_view study_instance_uid) {
  if (study_instance_uid.empty()) return {};
  Selection selection;
  selection.study_instance_uids = {&study_instance_uid, 1};
  selection.with_headers = true;
  const auto cursor = archive.instances(selection);
  InstanceRecord record;
  if (!cursor->next(record)) return {};
  return std::string(dicom::DataSetView(record.header).text(dicom::kPatientId));
}

}  // namespace fermata::dicomweb
