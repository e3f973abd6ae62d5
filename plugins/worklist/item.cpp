#include "item.hpp"

#include <algorithm>
#include <boost/uuid/name_generator_sha1.hpp>
#include <boost/uuid/string_generator.hpp>
#include <span>

#include "attributes.hpp"
#include "fermata/dicom/date_time.hpp"
#include "fermata/dicom/editable_data_set.hpp"
#include "fermata/dicom/uid.hpp"
#include "fermata/error.hpp"

namespace fermata::worklist {
namespace {

using namespace attribute;
using dicom::EditableDataSet;
using dicom::Tag;
using dicom::Vr;

constexpr std::size_t kLongestId = 250;

void need(const EditableDataSet& data_set, Tag tag, const char* what) {
  if (data_set.text(tag).empty()) throw Error(Code::invalid, std::string(what) + " is missing");
}

std::string date_of(const EditableDataSet& step) {
  const std::string text(step.text(kStartDate));
  const auto interval = dicom::date_interval(text);
  if (!interval || interval->low != interval->high)
    throw Error(Code::invalid,
                "Scheduled Procedure Step Start Date (0040,0002) is no date: write YYYYMMDD, such as 20240131");
  return interval->low;
}

std::string time_of(const EditableDataSet& step) {
  const auto interval = dicom::time_interval(step.text(kStartTime));
  if (!interval)
    throw Error(Code::invalid,
                "Scheduled Procedure Step Start Time (0040,0003) is no time: write HHMMSS, such as 081500");
  return interval->low;
}

/// The same whenever the same item is put again. Steps of one accession number belong to one study.
std::string study_uid_for(std::string_view id, const EditableDataSet& data_set) {
  static const auto kNames = boost::uuids::string_generator()("9d2ff0f2-3e0b-5b93-8a4e-6c0d4c8b57a1");
  const auto accession = data_set.text(dicom::kAccessionNumber);
  auto name = std::string(data_set.text(dicom::kPatientId)) + '\n';
  name += accession.empty() ? "id " + std::string(id) : "accession " + std::string(accession);
  const auto uuid = boost::uuids::name_generator_sha1(kNames)(name);
  std::array<uint8_t, 16> bytes{};
  std::copy(uuid.begin(), uuid.end(), bytes.begin());
  return dicom::uid_of(bytes);
}

/// Identifiers are VR SH: 16 characters.
std::string short_id(std::string_view study_uid) {
  return std::string(study_uid.substr(study_uid.size() - std::min<std::size_t>(study_uid.size(), 16)));
}

void complete(EditableDataSet& data_set, EditableDataSet& step, std::string_view id, std::string_view status) {
  const auto fill = [](EditableDataSet& in, Tag tag, Vr vr, std::string_view value) {
    if (in.text(tag).empty()) in.set(tag, vr, value);
  };
  if (data_set.text(dicom::kStudyInstanceUid).empty())
    data_set.set(dicom::kStudyInstanceUid, "UI", study_uid_for(id, data_set));
  const auto accession = data_set.text(dicom::kAccessionNumber);
  const auto fallback = accession.empty() ? short_id(data_set.text(dicom::kStudyInstanceUid)) : std::string(accession);
  fill(data_set, kRequestedProcedureId, "SH", fallback);
  fill(step, kStepId, "SH", data_set.text(kRequestedProcedureId));
  fill(step, kStartTime, "TM", "000000");
  fill(step, kStepStatus, "CS", status);
  if (!step.text(kStepDescription).empty())
    fill(data_set, kRequestedProcedureDescription, "LO", step.text(kStepDescription));
  else if (!data_set.text(kRequestedProcedureDescription).empty())
    step.set(kStepDescription, "LO", data_set.text(kRequestedProcedureDescription));
  data_set.set(dicom::kSpecificCharacterSet, "CS", "ISO_IR 192");
}

EditableDataSet only_step(dicom::DataSetView data_set) {
  const auto sequence = data_set.find(kScheduledProcedureStepSequence);
  std::vector<EditableDataSet> steps;
  if (sequence && sequence->vr == Vr("SQ"))
    for (const auto item : sequence->items()) steps.emplace_back(item);
  if (steps.empty()) throw Error(Code::invalid, "Scheduled Procedure Step Sequence (0040,0100) is missing");
  if (steps.size() > 1)
    throw Error(Code::invalid,
                "Scheduled Procedure Step Sequence (0040,0100) has more than one item: each needs a "
                "worklist item of its own");
  return std::move(steps.front());
}

}  // namespace

ItemPtr make_item(std::string_view id, std::string_view origin, dicom::DataSetView given, std::string_view status) {
  if (id.empty() || id.size() > kLongestId || id.find('\0') != id.npos)
    throw Error(Code::invalid, "the id of a worklist item has 1 to 250 bytes");
  EditableDataSet data_set(given);
  auto step = only_step(given);
  need(data_set, dicom::kPatientName, "Patient's Name (0010,0010)");
  need(data_set, dicom::kPatientId, "Patient ID (0010,0020)");
  need(step, dicom::kModality, "Modality (0008,0060)");
  need(step, kScheduledStationAeTitle, "Scheduled Station AE Title (0040,0001), the modality's,");
  need(step, kStartDate, "Scheduled Procedure Step Start Date (0040,0002)");
  if (const auto uid = data_set.text(dicom::kStudyInstanceUid); !uid.empty() && !dicom::is_uid(uid))
    throw Error(Code::invalid, "Study Instance UID (0020,000D) is no UID: leave it out to have one made");
  complete(data_set, step, id, status);

  auto item = std::make_shared<Item>();
  item->id = id;
  item->origin = origin;
  item->start = date_of(step) + time_of(step);
  item->status = step.text(kStepStatus);
  data_set.set_items(kScheduledProcedureStepSequence, std::span(&step, 1));
  item->data_set = data_set.bytes();
  return item;
}

ItemPtr with_status(const Item& item, std::string_view status) {
  EditableDataSet data_set(item.view());
  auto step = data_set.first_item(kScheduledProcedureStepSequence);
  step.set(kStepStatus, "CS", status);
  data_set.set_items(kScheduledProcedureStepSequence, std::span(&step, 1));
  auto changed = std::make_shared<Item>(item);
  changed->status = status;
  changed->data_set = data_set.bytes();
  return changed;
}

std::vector<std::vector<std::byte>> single_steps(std::string_view id, dicom::DataSetView request) {
  EditableDataSet single(request);
  std::vector<EditableDataSet> steps;
  const auto sequence = request.find(kScheduledProcedureStepSequence);
  if (sequence && sequence->vr == Vr("SQ"))
    for (const auto item : sequence->items()) steps.emplace_back(item);
  if (steps.size() < 2) return {single.bytes()};
  if (single.text(dicom::kStudyInstanceUid).empty())
    single.set(dicom::kStudyInstanceUid, "UI", study_uid_for(id, single));
  std::vector<std::vector<std::byte>> list;
  for (auto& step : steps) {
    if (step.text(kStepId).empty()) step.set(kStepId, "SH", std::to_string(list.size() + 1));
    single.set_items(kScheduledProcedureStepSequence, std::span(&step, 1));
    list.push_back(single.bytes());
  }
  return list;
}

}  // namespace fermata::worklist
