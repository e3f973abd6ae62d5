#include "store/store_result.hpp"

namespace fermata::dicomweb {
namespace {

uint16_t reason_of(StoreOutcome::Refusal refusal) {
  using Refusal = StoreOutcome::Refusal;
  switch (refusal) {
    case Refusal::out_of_space:
    case Refusal::too_large:
    case Refusal::stopping:
      return reason::kOutOfResources;
    case Refusal::missing_attribute:
    case Refusal::sop_class_mismatch:
      return reason::kDataSetMismatch;
    case Refusal::not_understood:
      return reason::kCannotUnderstand;
    case Refusal::duplicate:
      return reason::kDuplicateSopInstance;
    case Refusal::rule:
      return reason::kNotAuthorized;
    case Refusal::none:
    case Refusal::failure:
      break;
  }
  return reason::kProcessingFailure;
}

void replace(std::string& known, std::string_view better) {
  if (!better.empty()) known = better;
}

}  // namespace

void StoreResult::take(const StoreOutcome& outcome) {
  replace(sop_class_uid, outcome.sop_class_uid);
  replace(sop_instance_uid, outcome.sop_instance_uid);
  replace(series_instance_uid, outcome.series_instance_uid);
  replace(study_instance_uid, outcome.study_instance_uid);
  switch (outcome.kind) {
    case StoreOutcome::Kind::stored:
    case StoreOutcome::Kind::identical:
    case StoreOutcome::Kind::replaced:
      kind = Kind::stored;
      return;
    case StoreOutcome::Kind::kept_first:
      kind = Kind::stored_with_warning;
      reason = reason::kDataElementsCoerced;
      comment = "another object with this SOP Instance UID was there before, and stays";
      return;
    case StoreOutcome::Kind::refused:
      kind = Kind::failed;
      reason = reason_of(outcome.refusal);
      comment = outcome.reason;
      try_again = outcome.refusal == StoreOutcome::Refusal::stopping;
      return;
  }
}

void StoreResult::take(const Error& error) {
  kind = Kind::failed;
  comment = error.what();
  try_again = error.code() == Code::unavailable || error.code() == Code::out_of_memory;
  reason = try_again || error.code() == Code::no_space ? reason::kOutOfResources : reason::kProcessingFailure;
}

}  // namespace fermata::dicomweb
