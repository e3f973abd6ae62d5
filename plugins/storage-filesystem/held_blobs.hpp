#pragma once
#include <atomic>
#include <memory>
#include <mutex>
#include <shared_mutex>
#include <string>

#include "directory_tree.hpp"
#include "root_folder.hpp"

namespace fermata::storage_filesystem {

/// Blobs that are removed while a backup is being made: they leave `objects/`, and stay in `held/` until nobody holds
/// any more. What an earlier run has left there goes at the opening.
///
/// **Thread**: any. **Errors**: as the system reports them: not_found, no_space, io.
class HeldBlobs {
 public:
  explicit HeldBlobs(const RootFolder& root);

  void hold();
  void let_go() noexcept;
  bool holding() const { return holders_ != 0; }
  /// Takes a blob out of `objects` into the held ones. False if nobody holds: then it is to be removed.
  bool take(int objects, const std::string& key);

  const std::string& path() const { return path_; }
  /// The folder of what is held. Only while it is held.
  int fd() const { return tree_->fd(); }

 private:
  void clear();

  const RootFolder& root_;
  const std::string path_;
  std::atomic<int> holders_{0};
  std::shared_mutex mutex_;  ///< shared: something is being taken; alone: the folder comes or goes
  std::unique_ptr<DirectoryTree> tree_;
};

}  // namespace fermata::storage_filesystem
