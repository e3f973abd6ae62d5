#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "fermata/journal.hpp"
#include "fermata/worklist.hpp"
#include "performed_step.hpp"

namespace fermata::mpps {

/// Tells the worklist how far the scheduled steps are that a performed step names: by Study Instance UID and Scheduled
/// Procedure Step ID, or, where a modality made up its own study, by Accession Number and that ID.
///
/// **Thread**: any. **Errors**: none; what does not work is logged, and is no reason to refuse a modality.
class WorklistLink {
 public:
  /// `worklist` may be null: then nothing is linked.
  WorklistLink(Worklist* worklist, const Journal& journal) : worklist_(worklist), journal_(journal) {}

  /// The ids of the items that the step is about.
  std::vector<std::string> items_of(const PerformedStep& step) const;
  /// Sets the items' status by the step's state.
  void tell(const PerformedStep& step) const;

 private:
  std::vector<std::string> find(dicom::Tag key_tag, dicom::Vr vr, std::string_view key, std::string_view step_id) const;

  Worklist* worklist_;
  const Journal& journal_;
};

}  // namespace fermata::mpps
