#include "studies/label_care.hpp"

#include <utility>

namespace fermata::admin {
namespace {

constexpr int64_t kInterval = int64_t{3600} * 1'000'000;

}  // namespace

void LabelCare::removed(std::string_view study) {
  if (!labels_.of(study).empty()) removed_.emplace(study);
}

void LabelCare::step() {
  const auto now = clock_();
  auto studies = removed_;
  const bool all = !swept_us_ || now - *swept_us_ >= kInterval;
  if (all)
    for (const auto& [label, of_label] : labels_.all()) studies.insert(of_label.begin(), of_label.end());
  forget_gone(std::move(studies));
  removed_.clear();
  if (all) swept_us_ = now;
}

/// A study goes into the trash before it leaves the index, and is in the index again before it leaves the trash: looked
/// for here, there and here again, it can't be missed.
void LabelCare::forget_gone(Studies studies) {
  keep_absent(studies);
  if (studies.empty()) return;
  if (trash_ != nullptr) {
    const auto trashed = trash_->list();
    for (DiscardedStudy study; trashed->next(study);)
      if (const auto found = studies.find(study.study_instance_uid); found != studies.end()) studies.erase(found);
  }
  keep_absent(studies);
  for (const auto& study : studies) labels_.forget(study);
}

void LabelCare::keep_absent(Studies& studies) const {
  std::erase_if(studies, [&](const std::string& study) {
    const std::string_view uid = study;
    InstanceRecord any;
    return archive_.instances({.study_instance_uids = {&uid, 1}})->next(any);
  });
}

}  // namespace fermata::admin
