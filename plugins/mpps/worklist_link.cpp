#include "worklist_link.hpp"

#include <algorithm>
#include <span>

#include "attributes.hpp"
#include "fermata/error.hpp"

namespace fermata::mpps {
namespace {

using namespace attribute;
using dicom::EditableDataSet;
using dicom::Vr;

std::string_view status_for(std::string_view state) {
  if (state == PerformedStep::kCompleted) return Worklist::kCompleted;
  return state == PerformedStep::kDiscontinued ? Worklist::kDiscontinued : Worklist::kStarted;
}

}  // namespace

std::vector<std::string> WorklistLink::items_of(const PerformedStep& step) const {
  std::vector<std::string> ids;
  if (worklist_ == nullptr) return ids;
  try {
    const auto bytes = step.data_set.bytes();
    const auto sequence = dicom::DataSetView(bytes).find(kScheduledStepAttributesSequence);
    if (!sequence || sequence->vr != Vr("SQ")) return ids;
    for (const auto scheduled : sequence->items()) {
      const auto step_id = scheduled.text(kStepId);
      auto found = find(dicom::kStudyInstanceUid, "UI", scheduled.text(dicom::kStudyInstanceUid), step_id);
      if (found.empty()) found = find(dicom::kAccessionNumber, "SH", scheduled.text(dicom::kAccessionNumber), step_id);
      for (auto& id : found)
        if (std::find(ids.begin(), ids.end(), id) == ids.end()) ids.push_back(std::move(id));
    }
  } catch (const std::exception& error) {
    journal_.log(LogLevel::warning, std::string("the worklist can't be asked for a procedure step: ") + error.what(),
                 {});
  }
  return ids;
}

/// A step without an ID was not scheduled as far as can be told, and then nothing is found.
std::vector<std::string> WorklistLink::find(dicom::Tag key_tag, Vr vr, std::string_view key,
                                            std::string_view step_id) const {
  std::vector<std::string> ids;
  const auto is_pattern = [](std::string_view text) { return text.find_first_of("*?\\") != text.npos; };
  if (key.empty() || step_id.empty() || is_pattern(key) || is_pattern(step_id)) return ids;
  EditableDataSet step;
  step.set(kStepId, "SH", step_id);
  EditableDataSet identifier;
  identifier.set(key_tag, vr, key);
  identifier.set_items(kScheduledProcedureStepSequence, std::span(&step, 1));
  const auto cursor = worklist_->find(identifier.bytes());
  for (WorklistItem item; cursor->next(item);) ids.emplace_back(item.id);
  return ids;
}

void WorklistLink::tell(const PerformedStep& step) const {
  if (worklist_ == nullptr) return;
  for (const auto& id : step.worklist_items) {
    try {
      worklist_->set_status(id, status_for(step.state()));
    } catch (const Error& error) {
      if (error.code() == Code::not_found) continue;  // expired, or removed
      journal_.log(LogLevel::warning, std::string("the status of a worklist item can't be set: ") + error.what(),
                   {{"item", id}});
    }
  }
}

}  // namespace fermata::mpps
