#include "send_plan.hpp"

#include <span>

namespace fermata::transfers {

SendPlan::SendPlan(Archive& archive, const SendParameters& parameters, const SendState& state) : archive_(archive) {
  for (const auto& uid : state.again) units_.push_back({Level::image, uid});
  if (!units_.empty()) return;
  for (const auto& uid : parameters.studies) units_.push_back({Level::study, uid});
  for (const auto& uid : parameters.series) units_.push_back({Level::series, uid});
}

SendPlan::Survey SendPlan::survey() const {
  Survey survey;
  for (const auto& unit : units_) {
    const auto cursor = open(unit);
    for (InstanceRecord record; cursor->next(record); ++survey.instances) {
      auto found = survey.kinds.find(record.sop_class_uid);
      if (found == survey.kinds.end()) found = survey.kinds.try_emplace(std::string(record.sop_class_uid)).first;
      found->second.emplace(record.transfer_syntax_uid);
    }
  }
  return survey;
}

bool SendPlan::next(SendState& state, InstanceRecord& record) {
  while (state.unit < units_.size()) {
    if (!cursor_) cursor_ = open_after(units_[state.unit], state.after);
    if (cursor_->next(record)) return true;
    cursor_.reset();
    state.after.clear();
    ++state.unit;
  }
  return false;
}

std::unique_ptr<InstanceCursor> SendPlan::open(const Unit& unit) const {
  const std::string_view uid = unit.uid;
  const std::span<const std::string_view> one(&uid, 1);
  Selection selection;
  if (unit.level == Level::study) selection.study_instance_uids = one;
  if (unit.level == Level::series) selection.series_instance_uids = one;
  if (unit.level == Level::image) selection.sop_instance_uids = one;
  return archive_.instances(selection);
}

std::unique_ptr<InstanceCursor> SendPlan::open_after(const Unit& unit, const std::string& sop_instance_uid) const {
  auto cursor = open(unit);
  if (sop_instance_uid.empty()) return cursor;
  for (InstanceRecord record; cursor->next(record);)
    if (record.sop_instance_uid == sop_instance_uid) return cursor;
  return open(unit);
}

}  // namespace fermata::transfers
