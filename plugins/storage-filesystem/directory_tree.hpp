#pragma once
#include <atomic>
#include <cstddef>
#include <list>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>

#include "file_descriptor.hpp"

namespace fermata::storage_filesystem {

/// The folder that `path` is in, empty for the top, and its name there. Both are parts of `path`.
std::pair<std::string_view, std::string_view> folder_and_name(std::string_view path);

/// One open folder of the tree of blobs.
struct Directory {
  Directory(FileDescriptor descriptor, std::string relative, std::shared_ptr<Directory> above)
      : fd(std::move(descriptor)), path(std::move(relative)), parent(std::move(above)) {}

  const FileDescriptor fd;
  const std::string path;                   ///< below the tree's top, empty for the top itself
  const std::shared_ptr<Directory> parent;  ///< null for the top
  /// Whether this folder's own name is known to survive a power cut. False for a folder met for the first time: it may
  /// have been made by a process that was killed before it could see to that.
  std::atomic<bool> name_durable{false};
};

/// The folders below `objects`, made as they are needed; the ones used last stay open.
///
/// **Thread**: any. **Errors**: conflict where a blob stands in the place of a folder, no_space, io.
class DirectoryTree {
 public:
  /// `path` is for messages.
  DirectoryTree(FileDescriptor top, std::string path);

  int fd() const { return top_->fd.get(); }
  const std::string& path() const { return path_; }

  /// Opens the folder `relative` ("2026/11/22", or "" for the top), and makes what is missing of it.
  std::shared_ptr<Directory> make(std::string_view relative);
  /// Opens it if it is there, or else returns null.
  std::shared_ptr<Directory> find(std::string_view relative);
  /// To be called when the folder has been removed: a new one of this name must not be taken for the old.
  void forget(std::string_view relative);

 private:
  enum class Missing { create, report };
  std::shared_ptr<Directory> open(std::string_view relative, Missing missing);
  std::shared_ptr<Directory> open_below(const std::shared_ptr<Directory>& parent, std::string_view relative,
                                        Missing missing);
  std::shared_ptr<Directory> cached(std::string_view relative);
  std::shared_ptr<Directory> keep(std::shared_ptr<Directory> directory);

  static constexpr std::size_t kOpenDirectories = 128;

  const std::string path_;
  const std::shared_ptr<Directory> top_;
  std::mutex mutex_;
  std::list<std::shared_ptr<Directory>> recent_;  // the one used last comes first
  std::unordered_map<std::string_view, std::list<std::shared_ptr<Directory>>::iterator> by_path_;
};

}  // namespace fermata::storage_filesystem
