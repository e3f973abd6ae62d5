#pragma once
#include <atomic>
#include <chrono>
#include <string>

#include "ingest.hpp"
#include "trash_records.hpp"

namespace fermata::archive {

/// Removes the blobs of one study in the trash for good. Can be interrupted anywhere, and is gone on with.
///
/// **Thread**: one at a time; everything else may go on: no index record names these blobs. **Ownership**: borrows
/// everything. **Errors**: those of the stores; unavailable (stopping).
class Purging {
 public:
  /// `pause` is how long the disk is left to others after each step.
  Purging(Ingest& ingest, TrashRecords& records, const std::atomic<bool>& stopping, std::chrono::milliseconds pause)
      : ingest_(ingest), records_(records), stopping_(stopping), pause_(pause) {}

  /// Returns the number of instances that went.
  uint64_t run(const TrashRecord& record);

 private:
  uint64_t remove_page(const std::vector<TrashedInstance>& page);
  bool is_indexed(const TrashedInstance& instance) const;
  void end_step() const;

  Ingest& ingest_;
  TrashRecords& records_;
  const std::atomic<bool>& stopping_;
  const std::chrono::milliseconds pause_;
};

}  // namespace fermata::archive
