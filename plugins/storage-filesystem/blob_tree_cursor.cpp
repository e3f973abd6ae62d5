#include "blob_tree_cursor.hpp"

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <memory>

#include "fermata/blob_key.hpp"
#include "file_descriptor.hpp"
#include "system_error.hpp"

namespace fermata::storage_filesystem {
namespace {

struct CloseDirectory {
  void operator()(DIR* directory) const { ::closedir(directory); }
};
using OpenDirectory = std::unique_ptr<DIR, CloseDirectory>;

/// Null if it has been removed meanwhile, or is not a folder.
OpenDirectory open_directory(int objects, const std::string& prefix, const std::string& path) {
  FileDescriptor fd(
      ::openat(objects, prefix.empty() ? "." : prefix.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
  if (!fd) {
    if (errno == ENOENT || errno == ENOTDIR || errno == ELOOP) return nullptr;
    throw system_error(errno, "open the folder " + path + "/" + prefix);
  }
  OpenDirectory directory(::fdopendir(::fcntl(fd.get(), F_DUPFD_CLOEXEC, 0)));
  if (!directory) throw system_error(errno, "read the folder " + path + "/" + prefix);
  return directory;
}

bool is_folder(const dirent& entry, DIR* directory) {
  if (entry.d_type != DT_UNKNOWN) return entry.d_type == DT_DIR;
  struct stat status {};
  return ::fstatat(::dirfd(directory), entry.d_name, &status, AT_SYMLINK_NOFOLLOW) == 0 && S_ISDIR(status.st_mode);
}

}  // namespace

BlobTreeCursor::BlobTreeCursor(int objects, std::string path, std::string after)
    : objects_(objects), path_(std::move(path)), after_(std::move(after)) {
  enter("");
}

bool BlobTreeCursor::next(BlobEntry& entry) {
  while (!levels_.empty()) {
    auto& level = levels_.back();
    if (level.at == level.names.size()) {
      levels_.pop_back();
      continue;
    }
    key_ = level.prefix + level.names[level.at++];
    if (key_.back() == '/')
      enter(key_);
    else if (stat_blob(entry))
      return true;
  }
  return false;
}

void BlobTreeCursor::enter(std::string prefix) {
  const auto directory = open_directory(objects_, prefix, path_);
  if (!directory) return;
  Level level{std::move(prefix), {}};
  while (const dirent* entry = (errno = 0, ::readdir(directory.get()))) {
    if (!is_blob_key_segment(entry->d_name)) continue;
    std::string name = entry->d_name;
    if (is_folder(*entry, directory.get())) name += '/';
    if (comes_after(level.prefix + name)) level.names.push_back(std::move(name));
  }
  if (errno != 0) throw system_error(errno, "read the folder " + path_ + "/" + level.prefix);
  std::sort(level.names.begin(), level.names.end());
  levels_.push_back(std::move(level));
}

/// Whether this key, or a key that begins with this folder's name, can be greater than `after`.
bool BlobTreeCursor::comes_after(const std::string& key) const {
  return key > after_ || (key.back() == '/' && after_.compare(0, key.size(), key) == 0);
}

bool BlobTreeCursor::stat_blob(BlobEntry& entry) const {
  if (key_.size() > kBlobKeyLimit) return false;
  struct stat status {};
  if (::fstatat(objects_, key_.c_str(), &status, AT_SYMLINK_NOFOLLOW) != 0) {
    if (errno == ENOENT || errno == ENOTDIR) return false;  // removed meanwhile
    throw system_error(errno, "look at " + path_ + "/" + key_);
  }
  if (!S_ISREG(status.st_mode)) return false;
  entry = {key_, static_cast<uint64_t>(status.st_size)};
  return true;
}

}  // namespace fermata::storage_filesystem
