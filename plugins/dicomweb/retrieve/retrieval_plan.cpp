#include "retrieve/retrieval_plan.hpp"

#include <algorithm>

namespace fermata::dicomweb {
namespace {

using Form = RetrievalPlan::Form;

std::optional<Form> form_of(const MediaRange& range, bool one_instance) {
  const bool dicom = range.includes("application/dicom");
  if (dicom && range.allows_multipart()) return Form::parts;
  if (dicom && one_instance) return Form::file;
  if (range.allows_single() && range.includes("application/zip")) return Form::zip;
  return {};
}

}  // namespace

bool RetrievalPlan::takes_anything() const {
  return std::any_of(ranges_.begin(), ranges_.end(), [](const MediaRange& range) {
    return range.transfer_syntax.empty() || range.transfer_syntax == "*";
  });
}

const std::optional<ChosenTransferSyntax>& RetrievalPlan::choice(std::string_view stored) {
  const auto known = choices_.find(stored);
  if (known != choices_.end()) return known->second;
  auto choice = best_of(std::span<const MediaRange>(ranges_), [&](const MediaRange& range) {
    return choose_transfer_syntax(range.transfer_syntax, stored, transcoder_);
  });
  return choices_.emplace(stored, std::move(choice)).first->second;
}

std::vector<RetrievalPlan> retrieval_plans(std::span<const MediaRange> accepted, bool one_instance,
                                           Transcoder* transcoder) {
  std::vector<RetrievalPlan> plans;
  for (const auto& range : accepted) {
    const auto form = form_of(range, one_instance);
    if (!form) continue;
    const auto plan = std::find_if(plans.begin(), plans.end(), [&](const auto& p) { return p.form() == *form; });
    (plan == plans.end() ? plans.emplace_back(*form, transcoder) : *plan).add(range);
  }
  return plans;
}

}  // namespace fermata::dicomweb
