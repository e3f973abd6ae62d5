#pragma once
#include <string>
#include <vector>

#include "fermata/index.hpp"
#include "trash/trash_records.hpp"

namespace fermata::archive {

/// Completes the discards that a stop or a failing store has left between the trash and the index.
///
/// *Used by* Recovery, before it looks at any blob, and TrashBin. **Thread**: nothing else may decide about the
/// instances meanwhile. **Errors**: those of the stores.
class Discarding {
 public:
  Discarding(Index& index, TrashRecords& records) : index_(index), records_(records) {}

  /// All of them; returns their number.
  uint64_t finish_all();
  /// What the last part lists leaves the index, as far as the records there still name those blobs.
  void finish(TrashRecord& record);

 private:
  Index& index_;
  TrashRecords& records_;
};

/// Takes instances of one study out of the index, in one step.
void remove_from_index(Index& index, std::string_view study, const std::vector<std::string>& sop_instances);

}  // namespace fermata::archive
