#pragma once
#include <cstdint>
#include <filesystem>
#include <functional>
#include <vector>

#include "fermata/blob_store.hpp"
#include "fermata/checksum.hpp"
#include "open-file/open_file.hpp"

namespace fermata::backup {

/// How files that are new come into a backup.
enum class Method : uint8_t {
  automatic,  ///< by clone where the file system can do that (Btrfs, XFS, ZFS 2.2), else by copy
  copy,
  link,  ///< hard links where it is the same file system: no second copy of the bytes, but no room is needed
};

/// What was written, or read.
struct Content {
  uint64_t length = 0;
  Checksum checksum{};
};

using Cancelled = std::function<bool()>;

/// Thrown where the work is to end before it is done.
struct Interrupted {};

/// Copies files and looks at what is in them on the way. **Thread**: one at a time.
/// **Errors**: those of the system; Interrupted.
class FileCopy {
 public:
  explicit FileCopy(Cancelled cancelled) : cancelled_(std::move(cancelled)), buffer_(kBuffer) {}

  /// `to` is new, and gets the time `version` unless that is 0.
  Content copy(const std::filesystem::path& from, const std::filesystem::path& to, Method method, uint64_t version);
  Content copy(BlobReader& from, const std::filesystem::path& to, uint64_t version);
  Content read(const std::filesystem::path& path);
  /// As the disk has it, where the system lets go of its own copy. What was written has to be synced.
  Content read_from_disk(const std::filesystem::path& path);

 private:
  static constexpr std::size_t kBuffer = std::size_t{1} << 20;
  void check() const;
  Content read(OpenFile file);

  const Cancelled cancelled_;
  std::vector<std::byte> buffer_;
};

/// Gives a file a second name. False where that is impossible: another file system, or one without links.
bool link_file(const std::filesystem::path& from, const std::filesystem::path& to);

}  // namespace fermata::backup
