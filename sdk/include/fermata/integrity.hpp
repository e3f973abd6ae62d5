#pragma once
#include <cstdint>
#include <memory>
#include <string_view>

#include "fermata/blob_store.hpp"
#include "fermata/c/integrity.h"
#include "fermata/index.hpp"

namespace fermata {

/// Where objects may be had again whose blob is damaged or gone: backups, a second store, another archive.
///
/// **Thread**: one at a time. What it gives need not be right: the archive compares it with the checksum from the day
/// the object was received, or with the header that it has since then.
class ObjectCopies {
 public:
  virtual ~ObjectCopies() = default;
  /// A copy of the whole blob, counted from 0. Error not_found: there are no more.
  virtual std::unique_ptr<BlobReader> copy(std::string_view blob_key, uint64_t number) = 0;
  virtual std::string_view place() = 0;  ///< where the last one was from, for people; valid until the next call
  /// There are no right copies: has somebody who has the object send it to the archive, and returns when they have or
  /// could not. False: there is nobody to be asked. Errors: unavailable, with a sentence for people.
  virtual bool fetch(const InstanceRecord& /*damaged*/) { return false; }
};

/// One blob, or one record without a blob, that was looked at. Views are valid until the walk's next call.
struct Finding {
  enum class State : uint32_t {
    good = FERMATA_FINDING_GOOD,
    healed = FERMATA_FINDING_HEALED,
    open = FERMATA_FINDING_OPEN,  ///< nothing could be done, or it has to be looked at by a person
  };
  State state = State::good;
  std::string_view blob_key;
  uint64_t length = 0;       ///< of what was read
  std::string_view problem;  ///< "its checksum is not the one at receipt"; empty: there is none
  std::string_view done;     ///< "repaired from /mnt/backup/2026-..."; may be empty
};

/// Reads blobs in ascending order of their keys, each when `next` is called, and then looks for records without one.
/// **Thread**: one at a time.
class IntegrityWalk {
 public:
  virtual ~IntegrityWalk() = default;
  virtual bool next(Finding& finding) = 0;
};

/// Compares what is stored with what was received, while the archive is in use, and heals what can be healed.
///
/// *Provided by* archive; *used by* whoever decides when and how fast. A damaged or missing blob is written anew from
/// a copy, under a new key, or what is sent again takes its place; a blob that no record names is indexed, if its
/// instance is not; a record whose blob is gone for good leaves the index, so that the object is taken in when it is
/// sent again. Nothing is deleted: blobs are put aside under keys that begin with `quarantine/`.
/// **Thread**: any; one walk at a time. **Durability**: what a walk has healed survives a power cut once `next`
/// returns.
/// **Errors**: those of the stores; conflict (another walk).
class Integrity {
 public:
  static constexpr const char* kId = FERMATA_INTEGRITY_ID;
  virtual ~Integrity() = default;
  /// Blobs with a key greater than `after`: where an interrupted walk goes on.
  virtual std::unique_ptr<IntegrityWalk> walk(std::string_view after, std::unique_ptr<ObjectCopies> copies) = 0;
};

}  // namespace fermata

#include "fermata/bridge/integrity.hpp"  // IWYU pragma: export
