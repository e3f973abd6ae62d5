#pragma once
#include <memory>

#include "ingest/ingest.hpp"
#include "stored_object.hpp"

namespace fermata::archive {

/// Gives an object that has arrived its place in blob store and index, or finds that it needs none.
///
/// While it exists, nobody else decides about this SOP Instance UID. What is not placed leaves nothing behind: not a
/// blob, not a record.
/// **Ownership**: borrows all but the writer. **Thread**: one at a time. **Errors**: Refused (duplicate, failure), and
/// those of blob store and index.
class Placement {
 public:
  using Kind = StoreOutcome::Kind;
  /// `writer`: the blob, with all its bytes; null if none was thought to be needed. `lease`: on its key.
  Placement(Ingest& ingest, StoredObject& object, std::unique_ptr<BlobWriter> writer, BlobKeys::Lease* lease);
  /// Durable when it returns. A large header is let go of.
  Kind place();

 private:
  Kind kind_of_duplicate(const StoredObject& existing) const;
  void commit_blob();
  void index_new();
  void let_go_of_header();
  void index_replacement(const StoredObject& existing);
  void restore(const StoredObject& existing);
  template <class Step>
  void undo_blob_on_error(Step&& step);
  void undo_blob();

  Ingest& ingest_;
  StoredObject& object_;
  BlobKeys::Lease* const lease_;
  std::unique_ptr<BlobWriter> writer_;
  UidClaims::Claim claim_;
};

}  // namespace fermata::archive
