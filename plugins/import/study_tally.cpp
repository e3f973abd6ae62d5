#include "study_tally.hpp"

#include <exception>

#include "file_names.hpp"

namespace fermata::imports {

constexpr std::size_t kMostStudies = 1000;

void StudyTally::count(const FileResult& result) {
  if (trail_ == nullptr || (result.outcome != Outcome::stored && result.outcome != Outcome::replaced)) return;
  ++stored_[result.study];
  if (stored_.size() > kMostStudies) tell();
}

void StudyTally::tell() noexcept {
  try {
    for (const auto& [study, number] : stored_) {
      const auto detail = std::to_string(number) + " instances by " + origin_ + " from " + escaped(plan_.source);
      AuditEvent event;
      event.action = audit::kStudyStored;
      event.user = plan_.user.empty() ? origin_ : plan_.user;
      event.peer_address = plan_.address;
      event.object = study;
      event.detail = detail;
      trail_->record(event);
    }
  } catch (const std::exception&) {  // the trail says itself when it can't be written
  }
  stored_.clear();
}

}  // namespace fermata::imports
