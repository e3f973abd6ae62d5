#pragma once
#include <functional>
#include <string>

#include "fermata/journal.hpp"
#include "fermata/state_store.hpp"
#include "recovery/deletion_journal.hpp"
#include "settings.hpp"
#include "stored_object.hpp"
#include "trash/trash_records.hpp"

namespace fermata::archive {

/// The document that says up to which key every blob is indexed durably. **Thread**: one at a time.
class RecoveryMark {
 public:
  explicit RecoveryMark(StateStore& state) : state_(state) {}
  std::string read();  ///< empty: there is none
  void write(std::string_view key);
  void erase();

 private:
  StateStore& state_;
};

/// What a walk over blobs has found.
struct RecoveryReport {
  uint64_t present = 0;     ///< indexed already
  uint64_t indexed = 0;     ///< added, or put in the place of another
  uint64_t duplicates = 0;  ///< left out: another blob holds the instance
  uint64_t damaged = 0;     ///< not readable as DICOM
  uint64_t trashed = 0;     ///< left out: in the trash
  uint64_t bytes = 0;       ///< of all blobs
  std::string last_key;     ///< the greatest of the archive's own keys; others may stand above all keys to come
};

/// Makes the index whole from the blobs, which are the truth.
///
/// After an unclean stop that costs what was in flight: the removals and discards that were interrupted, and the
/// blobs above the mark. What is in the trash stays out. The invariants behind it are in docs/adr/0002-recovery.md, and
/// 0005-trash.md.
/// **Thread**: one at a time, and nothing else uses the archive meanwhile. **Errors**: those of the stores; a damaged
/// blob is reported and left alone.
class Recovery {
 public:
  using Progress = std::function<void(const RecoveryReport&)>;

  Recovery(BlobStore& blobs, Index& index, StateStore& state, const Settings& settings, Journal journal);

  /// At each start. Finds by itself that the index was lost, and then reads everything.
  RecoveryReport run(const Progress& progress);
  /// Forgets the index and reads everything. Losing duplicates are reported, but stay.
  RecoveryReport rebuild(const Progress& progress);

 private:
  enum class Losers { remove, keep };
  bool index_was_lost(const std::string& mark);
  void walk(const std::string& after, Losers losers, const Progress& progress, RecoveryReport& report);
  void visit(const std::string& key, Losers losers, RecoveryReport& report);
  bool is_indexed(const std::string& key);
  void settle_conflict(const StoredObject& found, const StoredObject& indexed, Losers losers, RecoveryReport& report);
  bool wins(const StoredObject& found, const StoredObject& indexed);
  void put(const StoredObject& object, const StoredObject* instead_of);
  void remove_blob(const StoredObject& loser);
  void save(const std::string& key);

  BlobStore& blobs_;
  Index& index_;
  const Settings settings_;
  const Journal journal_;
  DeletionJournal deletions_;
  TrashRecords trash_;
  TrashedBlobs trashed_;
  RecoveryMark mark_;
};

}  // namespace fermata::archive
