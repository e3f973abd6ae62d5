#include "studies/study_walk.hpp"

#include <algorithm>

namespace fermata::admin {
namespace {

constexpr std::size_t kNone = SIZE_MAX;

}  // namespace

StudyWalk::StudyWalk(std::vector<std::unique_ptr<MatchCursor>> cursors) : given_(kNone) {
  for (auto& cursor : cursors) sources_.push_back({std::move(cursor), {}, {}});
  for (std::size_t i = sources_.size(); i-- > 0;) advance(i);
}

bool StudyWalk::next(dicom::DataSetView& study) {
  for (;;) {
    if (given_ != kNone) advance(given_);
    given_ = kNone;
    if (sources_.empty()) return false;
    given_ = newest();
    study = sources_[given_].study;
    if (sources_.size() == 1 && seen_.empty()) return true;  // an index finds no study twice
    if (seen_.emplace(study.text(dicom::kStudyInstanceUid)).second) return true;
  }
}

void StudyWalk::advance(std::size_t source) {
  std::span<const std::byte> identifier;
  auto& at = sources_[source];
  if (!at.cursor->next(identifier)) {
    sources_.erase(sources_.begin() + static_cast<std::ptrdiff_t>(source));
    return;
  }
  at.study = dicom::DataSetView(identifier);
  at.moment = std::string(at.study.text(dicom::kStudyDate)) + std::string(at.study.text(dicom::kStudyTime));
}

std::size_t StudyWalk::newest() const {
  const auto found = std::max_element(sources_.begin(), sources_.end(),
                                      [](const Source& a, const Source& b) { return a.moment < b.moment; });
  return static_cast<std::size_t>(found - sources_.begin());
}

}  // namespace fermata::admin
