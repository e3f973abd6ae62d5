#pragma once
#include <memory>
#include <optional>
#include <set>
#include <string>

#include "fermata/index_renewal.hpp"
#include "ingest/ingest.hpp"
#include "stored_object.hpp"
#include "trash/trash_records.hpp"

namespace fermata::archive {

/// How far the blobs have been read into a new index, and what was found.
struct ReindexPosition {
  std::string key;          ///< of the last blob
  uint64_t blobs = 0;       ///< that were read
  uint64_t duplicates = 0;  ///< left out: another blob holds the instance
  uint64_t damaged = 0;
  uint64_t trashed = 0;  ///< left out: in the trash

  std::string text() const;
  static ReindexPosition from(std::string_view text);
};

/// Reads blobs into a new index while objects come and go: docs/adr/0007-reindex-online.md says what becomes of which.
///
/// **Thread**: one at a time. **Ownership**: borrows all. **Errors**: those of the stores; a damaged blob is none.
class BlobsIntoIndex {
 public:
  BlobsIntoIndex(Ingest& ingest, StateStore& state, NewIndex& made);
  /// Reads the next blob. False: there are no more.
  bool next();
  void save();
  const ReindexPosition& position() const { return position_; }

 private:
  void visit(const std::string& key);
  std::optional<StoredObject> indexed(std::string_view sop_instance);
  void keep(const StoredObject& named, const std::optional<StoredObject>& found, const std::string& problem);
  void add(const StoredObject& found, const std::optional<StoredObject>& named);
  bool is_no_orphan(const std::string& key);
  bool loses(const StoredObject& found, const std::optional<StoredObject>& named);
  void put_old_record(const std::string& sop_instance);
  void put_unreadable();
  void note_damaged(const std::string& key, const std::string& problem);

  Ingest& ingest_;
  NewIndex& made_;
  TrashedBlobs trashed_;
  const std::string end_;  ///< above it, blobs may be on their way
  ReindexPosition position_;
  std::unique_ptr<BlobCursor> blobs_;
  std::set<std::string> unreadable_;  ///< only the records say whose they are
};

}  // namespace fermata::archive
