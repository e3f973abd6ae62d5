#pragma once
#include <atomic>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <unordered_set>

#include "fermata/periodic.hpp"
#include "fermata/trash.hpp"
#include "ingest/ingest.hpp"
#include "trash/purging.hpp"
#include "trash/trash_records.hpp"

namespace fermata::archive {

class IndexedStudy;

/// The trash: discarded studies are records in the state store that name their blobs, and nothing else knows them.
///
/// A study is in the trash once, however often it was discarded: with the latest user, time and identifier, and the
/// later of the times at which it is to be purged. docs/adr/0005-trash.md says why no crash makes it half discarded.
/// **Thread**: any; one at a time for each study, others get Error conflict. **Ownership**: `removals` is the lock of
/// who takes many claims.
class TrashBin final : public Trash {
 public:
  TrashBin(Ingest& ingest, StateStore& state, std::mutex& removals)
      : ingest_(ingest), records_(state), removals_(removals) {}
  ~TrashBin() override { stop(); }

  /// Does every minute what is due, on a thread of its own.
  void start();
  void stop() noexcept;

  uint64_t discard(std::string_view study_instance_uid, std::string_view user, int64_t purge_us) override;
  uint64_t restore(std::string_view study_instance_uid) override;
  uint64_t purge(std::string_view study_instance_uid) override;
  std::unique_ptr<DiscardedStudyCursor> list() override;

  /// Goes on with what was interrupted, and purges what is due. A failure is logged and tried again the next time.
  void tend(int64_t now_us);

 private:
  /// Only one thread works on a study; empty if another one does.
  class Turn;
  std::optional<Turn> try_turn(std::string_view study);
  Turn turn(std::string_view study);

  void tend_one(const std::string& study, int64_t now_us);
  TrashRecord found(std::string_view study);
  void finish_discarding(TrashRecord& record);
  void put_in(TrashRecord record, const std::optional<TrashRecord>& before, const IndexedStudy& study);
  void take_back(const TrashRecord& record, const std::optional<TrashRecord>& before);
  uint64_t restore_found(TrashRecord record);
  uint64_t purge_found(TrashRecord record, Purging::Pace pace);

  Ingest& ingest_;
  TrashRecords records_;
  std::mutex& removals_;
  std::mutex turns_mutex_;
  std::unordered_set<std::string> turns_;
  std::atomic<bool> stopping_{false};
  Periodic periodic_;
};

}  // namespace fermata::archive
