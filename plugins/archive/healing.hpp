#pragma once
#include <functional>
#include <optional>
#include <string>

#include "fermata/integrity.hpp"
#include "ingest.hpp"
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

  /// The blob of this record is damaged or gone: writes it anew from a copy.
  std::optional<std::string> repair(const StoredObject& record);
  /// The blob is right, and its record is not what follows from it.
  std::optional<std::string> index_again(const StoredObject& record, const StoredObject& stored);
  /// The blob of this record is gone and there is no copy: takes the instance out of the index.
  std::optional<std::string> forget(const StoredObject& record);
  /// The index names no such blob: indexes its instance, or puts it aside.
  std::optional<std::string> settle_orphan(const std::string& key);

 private:
  bool still_names(const StoredObject& record);
  bool is_right(BlobReader& copy, const StoredObject& record);
  void write(BlobReader& copy, const std::string& key);
  void put_aside(const std::string& key);

  Ingest& ingest_;
  ObjectCopies& copies_;
  const Known known_elsewhere_;
};

}  // namespace fermata::archive
