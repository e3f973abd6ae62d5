#pragma once
#include <condition_variable>
#include <memory>
#include <mutex>
#include <string>
#include <thread>

#include "fermata/archive.hpp"
#include "ingest/ingest.hpp"
#include "integrity/integrity_service.hpp"
#include "recovery/recovery.hpp"
#include "trash/trash_bin.hpp"

namespace fermata::archive {

/// The archive: brings blob store, index and state store together.
///
/// It takes objects in until `drain`; reading works from the start to the end. Where a verb of the program stores
/// something, nobody calls `serve`: then the first object does it.
/// **Thread**: any for what Archive declares; the rest from one. **Ownership**: the stores outlive it.
class ArchiveService final : public Archive {
 public:
  ArchiveService(BlobStore& blobs, Index& index, StateStore& state, std::vector<NamedHook> hooks, Settings settings,
                 Journal journal);
  ~ArchiveService() override;

  /// Recovers from the last stop, then takes objects in.
  void serve();
  /// Takes no new objects, and waits for those on their way until `deadline`; what is left then is refused.
  void drain(std::chrono::milliseconds deadline);

  std::unique_ptr<StoreOperation> store(const StoreRequest& request) override;
  std::unique_ptr<MatchCursor> find(const Query& query) override;
  std::unique_ptr<InstanceCursor> instances(const Selection& selection) override;
  std::unique_ptr<ObjectReader> open(const InstanceRecord& record) override;
  uint64_t remove(const Selection& selection) override;
  IndexStatistics statistics() override;
  std::unique_ptr<ChangeCursor> changes(uint64_t after) override { return index_.changes(after); }
  Capacity capacity() override { return blobs_.capacity(); }

  /// Usable between `serve` and `drain`.
  TrashBin& trash() { return trash_; }

  /// Usable between `serve` and `drain`.
  Integrity& integrity() { return integrity_; }

  /// For what else works on what comes in.
  Ingest& ingest() { return ingest_; }

  /// Notes how far a recovery need not look. Called periodically, and at the end.
  void save_mark();

 private:
  void recover();
  void mark_beginning();
  void keep_mark();
  uint64_t remove_some(const Selection& selection, const std::vector<std::string>& uids);
  void remove_from_index(const std::vector<DeletionJournal::Removal>& removals);

  BlobStore& blobs_;
  Index& index_;
  StateStore& state_;
  DeletionJournal deletions_;
  RecoveryMark mark_;
  Ingest ingest_;
  std::mutex remove_mutex_;  ///< of who takes many claims
  TrashBin trash_;
  IntegrityService integrity_;

  std::once_flag recovered_;
  std::mutex mark_mutex_;
  std::condition_variable mark_wake_;
  bool mark_stop_ = false;
  std::string saved_mark_;
  std::thread mark_thread_;
};

}  // namespace fermata::archive
