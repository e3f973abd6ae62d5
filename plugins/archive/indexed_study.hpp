#pragma once
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "fermata/index.hpp"
#include "trash/trash_records.hpp"

namespace fermata::archive {

/// What the index has of a study at a moment, as the trash keeps it.
///
/// *Used by* TrashBin. **Thread**: one at a time. **Ownership**: borrows the index. **Errors**: those of the index.
class IndexedStudy {
 public:
  IndexedStudy(Index& index, std::string_view study);

  const std::vector<TrashedInstance>& instances() const { return instances_; }
  uint64_t bytes() const { return bytes_; }
  std::vector<std::string> uids() const;
  /// What a STUDY level query returns now, for display.
  std::vector<std::byte> identifier() const;
  /// The index still has an instance of these, in the blob of that moment.
  bool is_still_indexed() const;

 private:
  Index& index_;
  const std::string study_;
  std::vector<TrashedInstance> instances_;
  uint64_t bytes_ = 0;
};

}  // namespace fermata::archive
