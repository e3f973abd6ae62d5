#pragma once
#include <functional>
#include <optional>
#include <string>

#include "fermata/integrity.hpp"
#include "ingest/ingest.hpp"
#include "stored_object.hpp"

namespace fermata::archive {

/// Puts right what a walk has found. Each function claims the instance first, looks again, and does nothing if the
/// trouble is over; it returns what it did, for people, or nothing.
///
/// **Thread**: one at a time, beside ingest and removal. **Errors**: those of the stores.
class Healing {
 public:
  /// `known_elsewhere`: a blob that is in the trash, or about to be removed.
  using Known = std::function<bool(const std::string& key)>;

  Healing(Ingest& ingest, ObjectCopies& copies, Known known_elsewhere)
      : ingest_(ingest), copies_(copies), known_elsewhere_(std::move(known_elsewhere)) {}

  /// The blob of this record, which has its header, is damaged or gone: writes it anew from a copy, or has the object
  /// sent again.
  std::optional<std::string> repair(const StoredObject& record);
  /// The blob is right, and its record is not what follows from it.
  std::optional<std::string> index_again(const StoredObject& record, const StoredObject& stored);
  /// The blob of this record is gone and there is no copy: takes the instance out of the index.
  std::optional<std::string> forget(const StoredObject& record);
  /// The index names no such blob: indexes its instance, or puts it aside.
  std::optional<std::string> settle_orphan(const std::string& key);

 private:
  std::optional<std::string> repair_from_copies(const StoredObject& record);
  std::optional<std::string> have_it_sent_again(const StoredObject& record);
  bool is_right(BlobReader& copy, const StoredObject& record);

  Ingest& ingest_;
  ObjectCopies& copies_;
  const Known known_elsewhere_;
};

/// Whether the index still has this blob for the record's instance. The instance is claimed.
bool still_names(Index& index, const StoredObject& record);

/// The record names another blob from now on, which is there and right; the damaged one is put aside. The instance is
/// claimed.
void change_blob(Ingest& ingest, const StoredObject& damaged, const StoredObject& right);

}  // namespace fermata::archive
