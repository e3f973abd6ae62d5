#pragma once
#include <functional>
#include <string>
#include <vector>

#include "destination.hpp"
#include "fermata/backup_source.hpp"
#include "fermata/journal.hpp"
#include "fermata/plugin.hpp"
#include "file_copy.hpp"
#include "manifest.hpp"

namespace fermata::backup {

/// What a backup has come to.
struct BackupReport {
  std::string name;
  uint64_t files = 0;
  uint64_t bytes = 0;
  uint64_t new_files = 0;  ///< the others are those of the backup before
  uint64_t new_bytes = 0;
  bool reading_back = false;            ///< everything is copied
  std::vector<std::string> unreadable;  ///< left out: their disk does not give them any more

  std::string so_far() const;  ///< while it is made, for people
  std::string text() const;    ///< at the end
};

/// Makes a backup of all sources in a folder: whole, or none at all.
///
/// All sources begin, then all capture, so that what one refers to is with the other. A file that the backup before has
/// is a second name for that one. The list of files is durable after their content is; an interrupted backup is gone on
/// with by taking over what its list names. **Thread**: one at a time. **Errors**: those of sources and destination;
/// Interrupted. After any of them there is no backup of this name.
class BackupMaker {
 public:
  using Progress = std::function<void(const BackupReport&)>;

  /// `read_back`: what was copied is read from the disk and compared before the backup counts as one.
  BackupMaker(std::vector<Named<BackupSource>>& sources, Method method, bool read_back, Journal journal)
      : sources_(sources), method_(method), read_back_(read_back), journal_(std::move(journal)) {}

  /// `id` stands in the manifest: it tells the request that the backup is from.
  BackupReport make(Destination& destination, const std::string& id, const Progress& progress,
                    const Cancelled& cancelled);

 private:
  std::vector<Named<BackupSource>>& sources_;
  const Method method_;
  const bool read_back_;
  const Journal journal_;
};

/// "3.2 GiB".
std::string readable_size(uint64_t bytes);

}  // namespace fermata::backup
