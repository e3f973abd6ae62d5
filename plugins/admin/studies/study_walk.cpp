#include "studies/study_walk.hpp"

#include <algorithm>

#include "fermata/dicom/normalise.hpp"

namespace fermata::admin {
namespace {

constexpr std::size_t kNone = SIZE_MAX;

using Order = Query::Order;

bool by_name(Order order) { return order == Order::patient_name || order == Order::patient_name_reversed; }
bool ascends(Order order) { return order == Order::oldest_first || order == Order::patient_name; }

}  // namespace

StudyWalk::StudyWalk(std::vector<std::unique_ptr<MatchCursor>> cursors, Order order) : order_(order), given_(kNone) {
  for (auto& cursor : cursors) sources_.push_back({std::move(cursor), {}, {}});
  for (std::size_t i = sources_.size(); i-- > 0;) advance(i);
}

bool StudyWalk::next(dicom::DataSetView& study) {
  for (;;) {
    if (given_ != kNone) advance(given_);
    given_ = kNone;
    if (sources_.empty()) return false;
    given_ = first();
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
  at.place = place_of(at.study);
}

std::string StudyWalk::place_of(dicom::DataSetView study) const {
  if (by_name(order_)) {
    const auto name = study.find(dicom::kPatientName);
    auto values = name ? dicom::normalised_values(*name) : std::vector<std::string>{};
    return values.empty() ? std::string{} : std::move(values.front());
  }
  const std::string date(study.text(dicom::kStudyDate));
  return date.empty() ? date : date + std::string(study.text(dicom::kStudyTime));
}

/// The source whose study comes next.
std::size_t StudyWalk::first() const {
  const auto found = std::min_element(sources_.begin(), sources_.end(), [this](const Source& a, const Source& b) {
    if (a.place.empty() || b.place.empty()) return !a.place.empty() && b.place.empty();
    return ascends(order_) ? a.place < b.place : b.place < a.place;
  });
  return static_cast<std::size_t>(found - sources_.begin());
}

}  // namespace fermata::admin
