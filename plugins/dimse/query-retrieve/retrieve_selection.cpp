#include "query-retrieve/retrieve_selection.hpp"

#include "status.hpp"

namespace fermata::dimse {
namespace {

constexpr uint64_t kBetweenQuestions = 512;

std::string_view keyword(Level level) {
  switch (level) {
    case Level::patient:
      return "(0010,0020) Patient ID";
    case Level::study:
      return "(0020,000D) Study Instance UID";
    case Level::series:
      return "(0020,000E) Series Instance UID";
    case Level::image:
      break;
  }
  return "(0008,0018) SOP Instance UID";
}

}  // namespace

void RetrieveSelection::Values::set(std::vector<std::string> list) {
  values = std::move(list);
  views.assign(values.begin(), values.end());
}

RetrieveSelection::RetrieveSelection(const QueryRetrieveRequest& request) {
  const auto key = unique_key(request.level);
  const auto unique = request.values(key);
  if (unique.empty() || (unique.size() == 1 && unique.front() == "*"))
    throw RequestRefused(status::kDataSetMismatch, std::string(keyword(request.level)) + " has no value", {key.value});
  if (request.model->has(Level::patient)) patients_.set(request.values(dicom::kPatientId));
  if (request.level >= Level::study) studies_.set(request.values(dicom::kStudyInstanceUid));
  if (request.level >= Level::series) series_.set(request.values(dicom::kSeriesInstanceUid));
  if (request.level >= Level::image) instances_.set(request.values(dicom::kSopInstanceUid));
}

Selection RetrieveSelection::selection() const {
  Selection selection;
  selection.patient_ids = patients_.views;
  selection.study_instance_uids = studies_.views;
  selection.series_instance_uids = series_.views;
  selection.sop_instance_uids = instances_.views;
  return selection;
}

RetrieveSurvey RetrieveSurvey::take(Archive& archive, const Selection& selection,
                                    const std::function<bool()>& interrupted) {
  RetrieveSurvey survey;
  const auto cursor = archive.instances(selection);
  InstanceRecord record;
  while (cursor->next(record)) {
    ++survey.instances;
    ++survey.kinds[{std::string(record.sop_class_uid), std::string(record.transfer_syntax_uid)}];
    if (survey.instances % kBetweenQuestions == 0 && interrupted()) break;
  }
  return survey;
}

}  // namespace fermata::dimse
