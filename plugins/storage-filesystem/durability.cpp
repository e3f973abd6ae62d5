#include "durability.hpp"

#include <fcntl.h>
#include <linux/magic.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/vfs.h>

#include <cerrno>
#include <filesystem>
#include <fstream>
#include <vector>

#include "system_error.hpp"

#ifndef XFS_SUPER_MAGIC
#define XFS_SUPER_MAGIC 0x58465342
#endif

namespace fermata::storage_filesystem {
namespace {

// ext4 can be made without a journal, and ext2 has the same magic number: both lose what was not synced by itself.
// The kernel shows the journal's thread, or "<none>", for each file system that its ext4 driver serves.
bool has_ext4_journal(const FileDescriptor& file) {
  struct stat status {};
  if (::fstat(file.get(), &status) != 0) return false;
  const std::string number = std::to_string(major(status.st_dev)) + ":" + std::to_string(minor(status.st_dev));
  std::error_code error;
  const auto device = std::filesystem::read_symlink("/sys/dev/block/" + number, error).filename();
  if (error) return false;
  std::string task;
  std::ifstream("/sys/fs/ext4/" + device.string() + "/journal_task") >> task;
  return !task.empty() && task.find_first_not_of("0123456789") == std::string::npos;
}

/// What was removed from a folder is gone for good only when the folder is, if it has been removed itself.
void sync_with_removal(const Directory& directory) {
  if (::fsync(directory.fd.get()) != 0)
    throw system_error(errno, "write the folder objects/" + directory.path + " to disk");
  struct stat status {};
  if (directory.parent && ::fstat(directory.fd.get(), &status) == 0 && status.st_nlink == 0)
    sync_with_removal(*directory.parent);
}

}  // namespace

bool commits_in_order(const FileDescriptor& file) {
  struct statfs status {};
  if (::fstatfs(file.get(), &status) != 0) return false;
  if (status.f_type == XFS_SUPER_MAGIC) return true;
  return status.f_type == EXT4_SUPER_MAGIC && has_ext4_journal(file);
}

void Durability::flush(const FileDescriptor& file, const std::string& path) {
  if (::fdatasync(file.get()) != 0) throw system_error(errno, "write " + path + " to disk");
}

void Durability::make_everything_durable(const FileDescriptor& folder) {
  if (::syncfs(folder.get()) != 0) throw system_error(errno, "write everything of the file system to disk");
  // ext4 without a journal hands its last blocks to the device behind the flush that syncfs ends with: one more.
  if (::fsync(folder.get()) != 0) throw system_error(errno, "flush what was written to disk");
}

OrderedDurability::OrderedDurability(FileDescriptor marker, std::string path)
    : marker_(std::move(marker)), path_(std::move(path)) {}

void OrderedDurability::settle(const FileDescriptor& file, const std::string& path) {
  // Returns when the data is with the device, which may still hold it in a volatile cache: the journal commit that
  // follows flushes that. Unlike fdatasync this commits nothing, so that many files can share one commit.
  constexpr unsigned kWriteAndWait = SYNC_FILE_RANGE_WAIT_BEFORE | SYNC_FILE_RANGE_WRITE | SYNC_FILE_RANGE_WAIT_AFTER;
  if (::sync_file_range(file.get(), 0, 0, kWriteAndWait) != 0) throw system_error(errno, "write " + path + " to disk");
}

void OrderedDurability::make_names_durable(const Changes& changes) {
  // fsync commits the journal up to the last change of the folder that it is called for, and everything before that:
  // enough if all changes are in one folder.
  if (changes.folders.size() == 1 && !changes.elsewhere) return commit_journal((*changes.folders.begin())->fd);
  // With several, the last change of any of them may be earlier than that of another. So make a change that is later
  // than them all, and wait for that one: still one commit, where an fsync of each folder would flush the device again
  // for every one.
  if (::futimens(marker_.get(), nullptr) != 0) throw system_error(errno, "change the folder " + path_);
  commit_journal(marker_);
}

void OrderedDurability::commit_journal(const FileDescriptor& folder) const {
  if (::fsync(folder.get()) != 0) throw system_error(errno, "commit the journal of the file system of " + path_);
}

void StrictDurability::settle(const FileDescriptor& file, const std::string& path) {
  if (::fdatasync(file.get()) != 0) throw system_error(errno, "write " + path + " to disk");
}

void StrictDurability::make_names_durable(const Changes& changes) {
  Directories to_sync = changes.folders;
  std::vector<std::shared_ptr<Directory>> named;  // those whose own names become durable with their parents
  for (const auto& directory : changes.folders)
    for (auto at = directory; at->parent && !at->name_durable; at = at->parent) {
      to_sync.insert(at->parent);
      named.push_back(at);
    }
  for (const auto& directory : to_sync) sync_with_removal(*directory);
  for (const auto& directory : named) directory->name_durable = true;
}

}  // namespace fermata::storage_filesystem
