#pragma once
#include <cstdint>
#include <memory>
#include <string_view>

#include "fermata/blob_store.hpp"
#include "fermata/c/backup_source.h"

namespace fermata {

/// A file of a backup. Views are valid until the session's next call.
struct BackupFile {
  std::string_view name;  ///< "objects/2026/11/22/181633042/0007.dcm": at most 1000 bytes, as a blob's key otherwise
  uint64_t length = 0;
  /// When it was changed last, in nanoseconds since 1970-01-01 UTC: what has the same name, length and time in the
  /// backup before is taken from there, without being read. 0: not known; it is read and compared.
  uint64_t version = 0;
  std::string_view path;  ///< where it lies on this machine, for fast copies; empty: it is read with `open`
};

/// What a plugin keeps, as it was at one moment. Its end lets go of what was held for it.
///
/// **Thread**: one at a time, beside all other work of the plugin. **Errors**: those of what is read.
class BackupSession {
 public:
  virtual ~BackupSession() = default;
  /// The moment. All sources have begun before the first of them captures.
  virtual void capture() = 0;
  /// After `capture`. In ascending byte order of the names as far as possible: a file out of order is read anew each
  /// time. A file that has gone from its place when it is opened is named again, from where it is held.
  virtual bool next(BackupFile& file) = 0;
  /// A file that `next` has named. Error not_found: it has gone from its place.
  virtual std::unique_ptr<BlobReader> open(std::string_view name) = 0;
};

/// A plugin that keeps data which has to be in a backup.
///
/// *Provided by* storage and index plugins, and any other that keeps files of its own; *used by* backup.
/// Between `begin` and the session's end nothing disappears that was there at `begin`, or else the session still has
/// it. So what one source refers to in its capture is with the other, whichever captures first. Documents of the
/// state store are in the backup of whoever provides that: their owners need nothing here.
/// **Thread**: any. **Ownership**: a session ends before `stop`. `place` stays valid until then.
class BackupSource {
 public:
  static constexpr const char* kId = FERMATA_BACKUP_SOURCE_ID;
  virtual ~BackupSource() = default;
  /// The folder from which the files are, for people; its last part is what `fermata restore` calls the folder.
  virtual std::string_view place() = 0;
  virtual std::unique_ptr<BackupSession> begin() = 0;
};

}  // namespace fermata

#include "fermata/bridge/backup_source.hpp"  // IWYU pragma: export
