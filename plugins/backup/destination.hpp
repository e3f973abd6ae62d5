#pragma once
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "open-file/open_file.hpp"

namespace fermata::backup {

/// A folder that backups are made in, held by one process at a time.
///
///     fermata-backups.yaml    what this folder is, and the version of its layout
///     lock                    held while a backup is made or removed; names the process
///     2026-11-27T22-35-42Z/   a whole backup: its manifest, and a folder for each source
///     unfinished/             the one that is being made, or whose making was interrupted
///     interrupted/            an earlier unfinished one, while its files are taken over
///     removing/               old ones on their way out
///
/// **Thread**: one at a time. **Errors**: invalid (not a folder for backups), not_found (there is none, and it must not
/// be made), unsupported (made by a newer version), unavailable (in use), no_space, refused, io.
class Destination {
 public:
  /// What to do where there is no folder for backups yet. A scheduled backup never makes one: it would fill the disk
  /// below a mount point that is not mounted.
  enum class Missing { make, refuse };
  Destination(std::filesystem::path path, Missing missing);
  ~Destination();
  Destination(const Destination&) = delete;
  Destination& operator=(const Destination&) = delete;

  const std::filesystem::path& path() const { return path_; }
  std::filesystem::path unfinished() const { return path_ / "unfinished"; }
  std::filesystem::path interrupted() const { return path_ / "interrupted"; }

  /// An empty folder `unfinished`. What was there is `interrupted` now, if it has a list of what it holds.
  void begin();
  /// Makes the unfinished one, which is on the disk as a whole, a backup of this name.
  void publish(const std::string& name);
  void remove(const std::string& name);

 private:
  void make_folder(Missing missing);
  void check_marker() const;
  void lock();
  void discard(const std::filesystem::path& folder);

  const std::filesystem::path path_;
  int lock_ = -1;
};

/// Whether backups were made in this folder before.
bool has_backups(const std::filesystem::path& destination);

/// Why nothing is written into a folder by itself that has none.
std::string not_there(const std::filesystem::path& destination);

/// The names of the whole backups in a folder, oldest first. Empty if it is no folder.
std::vector<std::string> backups_in(const std::filesystem::path& destination);

/// The folder of a backup that a person means: it itself, or the latest in a folder that backups are made in.
/// **Errors**: not_found.
std::filesystem::path find_backup(const std::filesystem::path& named);

}  // namespace fermata::backup
