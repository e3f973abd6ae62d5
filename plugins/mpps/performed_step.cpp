#include "performed_step.hpp"

#include <algorithm>
#include <array>
#include <ctime>
#include <utility>

#include "attributes.hpp"
#include "fermata/dicom/uid.hpp"
#include "refusal.hpp"

namespace fermata::mpps {
namespace {

using namespace attribute;
using dicom::DataSetView;
using dicom::EditableDataSet;
using dicom::Vr;

constexpr uint16_t kMayNoLongerBeUpdated = 0xa710;  ///< Error ID (PS3.4 table F.7.2-2)

/// Local time, as modalities write it.
std::string local(int64_t us, const char* format) {
  const auto seconds = static_cast<std::time_t>(us / 1'000'000);
  std::tm parts{};
  localtime_r(&seconds, &parts);
  char text[32] = {};
  std::strftime(text, sizeof text, format, &parts);
  return text;
}

/// Set by N-CREATE for good (PS3.4 table F.7.2-1, "Not allowed" for N-SET).
bool is_fixed(Tag tag) {
  static constexpr std::array kFixed{dicom::kModality,
                                     kReferencedPatientSequence,
                                     dicom::kStudyId,
                                     kPerformedStationAeTitle,
                                     kPerformedStationName,
                                     kPerformedLocation,
                                     kStartDate,
                                     kStartTime,
                                     kPerformedStepId,
                                     kScheduledStepAttributesSequence};
  return tag.group() == 0x0010 || std::find(kFixed.begin(), kFixed.end(), tag) != kFixed.end();
}

std::string upper(std::string_view text) {
  std::string out(text);
  for (char& c : out)
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
  return out;
}

void copy(DataSetView from, EditableDataSet& to, bool creating) {
  for (auto it = from.begin(); it != from.end(); ++it)
    if (!it->tag.is_group_length() && (creating || !is_fixed(it->tag))) to.set_encoded(it->tag, it.encoded());
  to.set(dicom::kSpecificCharacterSet, "CS", "ISO_IR 192");
}

void need(const EditableDataSet& in, Tag tag, const std::string& what) {
  if (!in.has(tag)) throw Refusal(status::kMissingAttribute, what + " is missing", {tag});
  if (in.text(tag).empty()) throw Refusal(status::kMissingAttributeValue, what + " has no value", {tag});
}

void fill(EditableDataSet& in, Tag tag, Vr vr, std::string_view value) {
  if (in.text(tag).empty()) in.set(tag, vr, value);
}

/// References of one series, whichever of the two sequences they stand in.
void append_instances(DataSetView series, Tag sequence, std::vector<std::string>& to) {
  if (const auto references = series.find(sequence); references && references->vr == Vr("SQ"))
    for (const auto item : references->items())
      if (const auto uid = item.text(kReferencedSopInstanceUid); !uid.empty()) to.emplace_back(uid);
}

}  // namespace

PerformedStep PerformedStep::create(std::string uid, DataSetView attributes, const Occasion& occasion) {
  if (!uid.empty() && !dicom::is_uid(uid)) throw Refusal(status::kInvalidSopInstance, "the SOP Instance UID is no UID");
  PerformedStep step;
  copy(attributes, step.data_set, true);
  need(step.data_set, kStatus, "Performed Procedure Step Status");
  if (upper(step.state()) != kInProgress)
    throw Refusal(status::kInvalidAttributeValue, "a step begins with the status IN PROGRESS", {kStatus});
  step.data_set.set(kStatus, "CS", kInProgress);
  if (!step.data_set.has(kScheduledStepAttributesSequence))
    throw Refusal(status::kMissingAttribute, "Scheduled Step Attributes Sequence is missing",
                  {kScheduledStepAttributesSequence});
  need(step.data_set.first_item(kScheduledStepAttributesSequence), dicom::kStudyInstanceUid, "Study Instance UID");

  step.sop_instance_uid = uid.empty() ? dicom::new_uid() : std::move(uid);
  step.ae_title = occasion.ae_title;
  step.created_us = step.changed_us = occasion.now_us;
  fill(step.data_set, kPerformedStationAeTitle, "AE", occasion.ae_title);
  fill(step.data_set, kStartDate, "DA", local(occasion.now_us, "%Y%m%d"));
  fill(step.data_set, kStartTime, "TM", local(occasion.now_us, "%H%M%S"));
  return step;
}

void PerformedStep::set(DataSetView attributes, const Occasion& occasion) {
  if (finished())
    throw Refusal(status::kProcessingFailure, "Performed Procedure Step Object may no longer be updated", {},
                  kMayNoLongerBeUpdated);
  auto changed = data_set;
  copy(attributes, changed, false);
  const auto next = upper(changed.text(kStatus));
  if (next != kInProgress && next != kCompleted && next != kDiscontinued)
    throw Refusal(status::kInvalidAttributeValue, "the status is none of IN PROGRESS, COMPLETED, DISCONTINUED",
                  {kStatus});
  changed.set(kStatus, "CS", next);
  if (next != kInProgress) {
    fill(changed, kEndDate, "DA", local(occasion.now_us, "%Y%m%d"));
    fill(changed, kEndTime, "TM", local(occasion.now_us, "%H%M%S"));
  }
  data_set = std::move(changed);
  changed_us = occasion.now_us;
}

std::string_view PerformedStep::state() const { return data_set.text(kStatus); }

std::string PerformedStep::study_instance_uid() const {
  return std::string(data_set.first_item(kScheduledStepAttributesSequence).text(dicom::kStudyInstanceUid));
}

std::vector<std::string> PerformedStep::instances() const {
  std::vector<std::string> list;
  const auto bytes = data_set.bytes();
  const auto sequence = DataSetView(bytes).find(kPerformedSeriesSequence);
  if (sequence && sequence->vr == Vr("SQ")) {
    for (const auto series : sequence->items()) {
      append_instances(series, kReferencedImageSequence, list);
      append_instances(series, kReferencedNonImageSequence, list);
    }
  }
  return list;
}

std::vector<std::string_view> PerformedStep::left_out() const {
  std::vector<std::string_view> names;
  const auto look = [&](Tag tag, std::string_view name) {
    if (data_set.text(tag).empty()) names.push_back(name);
  };
  look(dicom::kModality, "Modality");
  look(kPerformedStepId, "Performed Procedure Step ID");
  if (state() == kCompleted && data_set.first_item(kPerformedSeriesSequence).empty())
    names.push_back("Performed Series Sequence");
  return names;
}

}  // namespace fermata::mpps
