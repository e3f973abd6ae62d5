#include "search.hpp"

#include "attributes.hpp"
#include "fermata/dicom/matching.hpp"

namespace fermata::worklist {

ItemPtr Search::next() {
  while (at_ < candidates_.size()) {
    const auto& item = candidates_[at_++];
    if (dicom::matches(keys_, item->view())) return item;
  }
  return nullptr;
}

bool Search::asks_for_status() const {
  for (const auto& key : keys_)
    if (key.tag == attribute::kScheduledProcedureStepSequence)
      for (const auto& nested : key.items)
        if (nested.tag == attribute::kStepStatus) return nested.kind != dicom::Key::Kind::universal;
  return false;
}

}  // namespace fermata::worklist
