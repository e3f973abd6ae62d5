#pragma once
#include <cstdint>
#include <string>

#include "file_descriptor.hpp"

namespace fermata::storage_filesystem {

/// The folder that a store lives in: made on first use, told from a foreign one, and held by one process at a time.
///
///     fermata-blobs.yaml   what this folder is, and the version of its layout
///     lock                 held while a store is open; names the process
///     objects/             the blobs: files named by their keys
///     incoming/            what is being written; emptied at opening
///     journal/             small blobs until their files are on the disk (BlobJournal)
///     held/                what was removed while a backup was being made; there only meanwhile
///
/// **Thread**: a value. **Errors**: invalid (not a folder for this store), unsupported (made by a newer version),
/// unavailable (in use), corrupt, no_space, io.
class RootFolder {
 public:
  static constexpr const char* kMarkerName = "fermata-blobs.yaml";

  /// What a program must understand to open the folder. An older one that knows only `plain` refuses `journaled`: it
  /// would not miss what only the journal still has.
  enum class Layout { plain = 1, journaled = 2 };

  explicit RootFolder(std::string path);

  const std::string& path() const { return path_; }
  const FileDescriptor& folder() const { return root_; }
  /// Opens one of the folders in it.
  FileDescriptor objects() const { return open_folder("objects"); }
  FileDescriptor incoming() const { return open_folder("incoming"); }
  FileDescriptor held() const { return open_folder("held"); }
  FileDescriptor journal() const { return open_folder("journal"); }
  bool has_journal() const;
  FileDescriptor make_journal() const;
  /// Durably.
  void write_marker(Layout layout) const;
  static std::string marker_text(Layout layout);
  /// How many unfinished blobs an earlier run had left behind; they have been removed.
  uint64_t leftovers() const { return leftovers_; }

 private:
  void make_root() const;
  void refuse_foreign() const;
  void lock();
  void read_marker() const;
  void make_folders() const;
  void clear_incoming();
  FileDescriptor open_folder(const std::string& name) const;

  std::string path_;
  FileDescriptor root_;
  FileDescriptor lock_;
  uint64_t leftovers_ = 0;
};

}  // namespace fermata::storage_filesystem
