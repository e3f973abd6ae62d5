#pragma once
#include <atomic>
#include <cstdint>
#include <string>

#include "ingest/ingest.hpp"
#include "trash/trash_records.hpp"

namespace fermata::archive {

/// Removes the blobs of one study in the trash for good. Can be interrupted anywhere, and is gone on with.
///
/// **Thread**: one at a time; everything else may go on: no index record names these blobs. **Ownership**: borrows
/// everything. **Errors**: those of the stores; unavailable (stopping).
class Purging {
 public:
  enum class Pace : uint8_t {
    at_once,  ///< somebody waits for it
    gentle,   ///< after each step, the disk is left to others for as long as the step took
  };

  Purging(Ingest& ingest, TrashRecords& records, const std::atomic<bool>& stopping, Pace pace)
      : ingest_(ingest), records_(records), stopping_(stopping), pace_(pace) {}

  /// Returns the number of instances that went.
  uint64_t run(const TrashRecord& record);

 private:
  uint64_t remove_page(const std::vector<TrashedInstance>& page);
  bool is_indexed(const TrashedInstance& instance) const;
  void remove_step(const std::vector<std::string>& keys) const;

  Ingest& ingest_;
  TrashRecords& records_;
  const std::atomic<bool>& stopping_;
  const Pace pace_;
};

}  // namespace fermata::archive
