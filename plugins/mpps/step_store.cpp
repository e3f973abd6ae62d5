#include "step_store.hpp"

#include <vector>

#include "fermata/error.hpp"
#include "step_document.hpp"

namespace fermata::mpps {

bool StepStore::add(const PerformedStep& step) {
  try {
    store_.put(kStepsCollection, step.sop_instance_uid, to_document(step), StateStore::kAbsent);
    return true;
  } catch (const Error& error) {
    if (error.code() != Code::conflict) throw;
    return false;
  }
}

std::optional<StepStore::Versioned> StepStore::read(std::string_view sop_instance_uid) {
  if (sop_instance_uid.empty()) return {};
  const auto cursor = store_.list(kStepsCollection, sop_instance_uid);
  Document document;
  if (!cursor->next(document) || document.id != sop_instance_uid) return {};
  return Versioned{step_from_document(document.id, document.content), document.version};
}

std::optional<PerformedStep> StepStore::find(std::string_view sop_instance_uid) {
  auto found = read(sop_instance_uid);
  if (!found) return {};
  return std::move(found->step);
}

std::optional<PerformedStep> StepStore::change(std::string_view sop_instance_uid,
                                               const std::function<void(PerformedStep&)>& change) {
  for (;;) {
    auto found = read(sop_instance_uid);
    if (!found) return {};
    change(found->step);
    try {
      store_.put(kStepsCollection, sop_instance_uid, to_document(found->step), found->version);
      return std::move(found->step);
    } catch (const Error& error) {
      if (error.code() != Code::conflict) throw;
    }
  }
}

void StepStore::for_each(const Visit& visit, const Problem& problem) {
  const auto cursor = store_.list(kStepsCollection, "");
  for (Document document; cursor->next(document);) {
    try {
      visit(step_from_document(document.id, document.content));
    } catch (const Error& error) {
      problem(std::string(document.id) + ": " + error.what());
    }
  }
}

std::size_t StepStore::remove_older_than(int64_t us) {
  std::vector<std::string> old;
  for_each(
      [&](const PerformedStep& step) {
        if (step.changed_us < us) old.push_back(step.sop_instance_uid);
      },
      [](const std::string&) {});
  for (const auto& uid : old) store_.remove(kStepsCollection, uid, StateStore::kAny);
  return old.size();
}

}  // namespace fermata::mpps
