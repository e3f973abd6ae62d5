#pragma once
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string_view>

#include "fermata/c/trash.h"

namespace fermata {

/// A study in the trash. Views are valid until the cursor's next call.
struct DiscardedStudy {
  std::string_view study_instance_uid;
  std::span<const std::byte> identifier;  ///< what a STUDY level query would have returned: name, ID, date, counts
  std::string_view user;
  int64_t discarded_us = 0;  ///< since 1970-01-01 UTC
  int64_t purge_us = 0;      ///< when it goes for good
  uint64_t instances = 0;
  uint64_t bytes = 0;
};

/// Latest first.
class DiscardedStudyCursor {
 public:
  virtual ~DiscardedStudyCursor() = default;
  virtual bool next(DiscardedStudy& study) = 0;
};

/// Studies that were taken out of sight, and can come back until they are purged.
///
/// *Provided by* archive; *used by* whatever lets people delete.
/// A discarded study is in no query, count or retrieval; its objects stay where they are. An instance that is sent
/// again meanwhile is stored as a new one, and wins over the one in the trash.
/// **Thread**: any. **Durability**: what a function did survives a power cut once it returns, and no order of crashes
/// makes a study half discarded. **Errors**: not_found, conflict (it is just being discarded or restored), io.
class Trash {
 public:
  static constexpr const char* kId = FERMATA_TRASH_ID;
  virtual ~Trash() = default;
  /// Returns the number of instances.
  virtual uint64_t discard(std::string_view study_instance_uid, std::string_view user, int64_t purge_us) = 0;
  virtual uint64_t restore(std::string_view study_instance_uid) = 0;
  virtual uint64_t purge(std::string_view study_instance_uid) = 0;  ///< now, for good
  virtual std::unique_ptr<DiscardedStudyCursor> list() = 0;
};

}  // namespace fermata

#include "fermata/bridge/trash.hpp"  // IWYU pragma: export
