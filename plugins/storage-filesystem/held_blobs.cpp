#include "held_blobs.hpp"

#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>

#include <cerrno>
#include <filesystem>

#include "system_error.hpp"

namespace fermata::storage_filesystem {

HeldBlobs::HeldBlobs(const RootFolder& root) : root_(root), path_(root.path() + "/held") { clear(); }

void HeldBlobs::hold() {
  const std::lock_guard lock(mutex_);
  if (!tree_) {
    if (::mkdir(path_.c_str(), 0750) != 0 && errno != EEXIST) throw system_error(errno, "make the folder " + path_);
    tree_ = std::make_unique<DirectoryTree>(root_.held(), path_);
  }
  ++holders_;
}

void HeldBlobs::let_go() noexcept {
  const std::lock_guard lock(mutex_);
  if (--holders_ != 0) return;
  tree_.reset();
  clear();
}

bool HeldBlobs::take(int objects, const std::string& key) {
  const std::shared_lock lock(mutex_);
  if (!tree_) return false;
  const auto [path, name] = folder_and_name(key);
  const auto folder = tree_->make(path);
  if (::renameat(objects, key.c_str(), folder->fd.get(), std::string(name).c_str()) == 0) return true;
  if (errno == ENOENT || errno == ENOTDIR || errno == EISDIR)
    throw Error(Code::not_found, "there is no blob under the key " + key);
  throw system_error(errno, "remove the blob " + key);
}

/// What can't be removed now is tried again at the next opening.
void HeldBlobs::clear() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

}  // namespace fermata::storage_filesystem
