#pragma once
#include <atomic>
#include <mutex>
#include <string>
#include <vector>

#include "ingest/ingest.hpp"
#include "stored_object.hpp"
#include "trash/trash_records.hpp"

namespace fermata::archive {

/// Brings one study back from the trash, from its blobs. Can be interrupted anywhere, and is done again as a whole.
///
/// The study's objects become visible together, unless their headers take more than 64 MiB. What has been indexed
/// meanwhile stays, and the blob in the trash that holds the same instance goes.
/// **Thread**: one at a time; the archive may take in and remove meanwhile. **Ownership**: borrows everything.
/// **Errors**: those of the stores; unavailable (stopping). A damaged blob is reported and left alone.
class Restoring {
 public:
  Restoring(Ingest& ingest, TrashRecords& records, std::mutex& removals, const std::atomic<bool>& stopping,
            const TrashRecord& record)
      : ingest_(ingest), records_(records), removals_(removals), stopping_(stopping), record_(record) {}

  /// Returns how many instances are back.
  uint64_t run();

 private:
  void consider(const TrashedInstance& instance);
  void index_batch();
  bool outdone(const StoredObject& object, const StoredObject* chosen);
  void remove_losers();
  void report(LogLevel level, std::string_view message, const std::string& blob_key) const;

  Ingest& ingest_;
  TrashRecords& records_;
  std::mutex& removals_;
  const std::atomic<bool>& stopping_;
  const TrashRecord& record_;

  std::vector<StoredObject> batch_;
  std::size_t batch_size_ = 0;
  std::vector<std::string> losers_;
  uint64_t restored_ = 0;
};

}  // namespace fermata::archive
