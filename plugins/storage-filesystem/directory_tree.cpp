#include "directory_tree.hpp"

#include <fcntl.h>
#include <sys/stat.h>

#include <cerrno>

#include "system_error.hpp"

namespace fermata::storage_filesystem {
namespace {

// A folder may be removed by another thread between being found and being used: then look again. Each round that fails
// means that somebody else got on, so that a few are enough unless something is broken.
constexpr int kAttempts = 64;

}  // namespace

std::pair<std::string_view, std::string_view> folder_and_name(std::string_view path) {
  const auto slash = path.rfind('/');
  if (slash == std::string_view::npos) return {{}, path};
  return {path.substr(0, slash), path.substr(slash + 1)};
}

DirectoryTree::DirectoryTree(FileDescriptor top, std::string path)
    : path_(std::move(path)), top_(std::make_shared<Directory>(std::move(top), std::string(), nullptr)) {
  top_->name_durable = true;  // RootFolder has seen to it
}

std::shared_ptr<Directory> DirectoryTree::make(std::string_view relative) {
  for (int attempt = 0; attempt < kAttempts; ++attempt)
    if (auto directory = open(relative, Missing::create)) return directory;
  throw Error(Code::io, "cannot make the folder " + path_ + "/" + std::string(relative) +
                            ": something keeps removing it; see that nothing but Fermata works in there");
}

std::shared_ptr<Directory> DirectoryTree::find(std::string_view relative) { return open(relative, Missing::report); }

void DirectoryTree::forget(std::string_view relative) {
  const std::lock_guard lock(mutex_);
  const auto found = by_path_.find(relative);
  if (found == by_path_.end()) return;
  const auto entry = found->second;
  by_path_.erase(found);
  recent_.erase(entry);
}

std::shared_ptr<Directory> DirectoryTree::open(std::string_view relative, Missing missing) {
  if (relative.empty()) return top_;
  if (auto directory = cached(relative)) return directory;
  const auto parent = open(folder_and_name(relative).first, missing);
  if (!parent) return nullptr;
  auto directory = open_below(parent, relative, missing);
  if (!directory) {
    if (parent != top_) forget(parent->path);
    return nullptr;
  }
  return keep(std::move(directory));
}

std::shared_ptr<Directory> DirectoryTree::open_below(const std::shared_ptr<Directory>& parent,
                                                     std::string_view relative, Missing missing) {
  const std::string name(folder_and_name(relative).second);
  const std::string full = path_ + "/" + std::string(relative);
  if (missing == Missing::create && ::mkdirat(parent->fd.get(), name.c_str(), 0750) != 0 && errno != EEXIST) {
    if (errno == ENOENT) return nullptr;  // the parent has gone
    throw system_error(errno, "make the folder " + full);
  }
  FileDescriptor fd(::openat(parent->fd.get(), name.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
  if (fd) return std::make_shared<Directory>(std::move(fd), std::string(relative), parent);
  if (errno == ENOENT) return nullptr;
  if (errno == ENOTDIR || errno == ELOOP) {
    if (missing == Missing::report) return nullptr;
    throw Error(Code::conflict, "cannot make the folder " + full + ": a blob has this name");
  }
  throw system_error(errno, "open the folder " + full);
}

std::shared_ptr<Directory> DirectoryTree::cached(std::string_view relative) {
  const std::lock_guard lock(mutex_);
  const auto found = by_path_.find(relative);
  if (found == by_path_.end()) return nullptr;
  recent_.splice(recent_.begin(), recent_, found->second);
  return recent_.front();
}

std::shared_ptr<Directory> DirectoryTree::keep(std::shared_ptr<Directory> directory) {
  const std::lock_guard lock(mutex_);
  const auto found = by_path_.find(directory->path);
  if (found != by_path_.end()) return *found->second;  // another thread was faster
  recent_.push_front(std::move(directory));
  by_path_.emplace(recent_.front()->path, recent_.begin());
  if (recent_.size() > kOpenDirectories) {
    by_path_.erase(recent_.back()->path);
    recent_.pop_back();
  }
  return recent_.front();
}

}  // namespace fermata::storage_filesystem
