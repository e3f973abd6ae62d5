#include "root_folder.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <charconv>
#include <filesystem>
#include <string_view>
#include <vector>

#include "system_error.hpp"

namespace fermata::storage_filesystem {
namespace {

namespace fs = std::filesystem;

constexpr int kFormat = static_cast<int>(RootFolder::Layout::journaled);
constexpr const char* kMarker = RootFolder::kMarkerName;
constexpr const char* kNewMarker = "fermata-blobs.yaml.new";
constexpr const char* kLock = "lock";

FileDescriptor open_directory(const std::string& path) {
  FileDescriptor fd(::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!fd) throw system_error(errno, "open the folder " + path);
  return fd;
}

void sync(const FileDescriptor& fd, const std::string& path) {
  if (::fsync(fd.get()) != 0) throw system_error(errno, "write " + path + " to disk");
}

void write_text(const FileDescriptor& fd, std::string_view text, const std::string& path) {
  write_all(fd, std::as_bytes(std::span(text)), path);
}

std::string read_start(int directory, const char* name) {
  const FileDescriptor fd(::openat(directory, name, O_RDONLY | O_CLOEXEC));
  std::array<char, 4096> buffer{};
  const auto count = fd ? ::pread(fd.get(), buffer.data(), buffer.size(), 0) : 0;
  return {buffer.data(), count > 0 ? static_cast<std::size_t>(count) : 0};
}

std::string this_process() {
  std::array<char, 256> host{};
  ::gethostname(host.data(), host.size() - 1);
  return "process " + std::to_string(::getpid()) + " on " + host.data();
}

/// The number of a line `format: N`, or 0.
int format_of(std::string_view text) {
  constexpr std::string_view kKey = "\nformat:";
  const std::string with_start = "\n" + std::string(text);
  auto at = with_start.find(kKey);
  if (at == std::string::npos) return 0;
  at = with_start.find_first_not_of(' ', at + kKey.size());
  int number = 0;
  if (at != std::string::npos) std::from_chars(with_start.data() + at, with_start.data() + with_start.size(), number);
  return number;
}

uint64_t device_of(const FileDescriptor& fd) {
  struct stat status {};
  return ::fstat(fd.get(), &status) == 0 ? status.st_dev : 0;
}

}  // namespace

RootFolder::RootFolder(std::string path) : path_(std::move(path)) {
  make_root();
  root_ = open_directory(path_);
  refuse_foreign();
  lock();
  if (::faccessat(root_.get(), kMarker, F_OK, 0) != 0) write_marker(Layout::plain);
  read_marker();
  make_folders();
  clear_incoming();
}

void RootFolder::make_root() const {
  std::vector<fs::path> missing;
  for (fs::path at = fs::absolute(path_).lexically_normal(); !fs::exists(at); at = at.parent_path())
    missing.push_back(at);
  for (auto at = missing.rbegin(); at != missing.rend(); ++at) {
    if (::mkdir(at->c_str(), 0750) != 0 && errno != EEXIST)
      throw system_error(errno, "make the folder " + at->string());
    const auto above = at->parent_path().string();
    sync(open_directory(above), above);
  }
}

void RootFolder::refuse_foreign() const {
  if (::faccessat(root_.get(), kMarker, F_OK, 0) == 0) return;
  for (const auto& entry : fs::directory_iterator(path_)) {
    const auto name = entry.path().filename();
    if (name == kLock || name == kNewMarker || name == "lost+found") continue;  // of an opening that was cut short
    throw Error(Code::invalid, path_ + " cannot become a store: it holds " + name.string() + " and no " + kMarker +
                                   ", so it belongs to something else; give `root` an empty or a new folder");
  }
}

void RootFolder::lock() {
  lock_ = FileDescriptor(::openat(root_.get(), kLock, O_RDWR | O_CREAT | O_CLOEXEC, 0640));
  if (!lock_) throw system_error(errno, "open " + path_ + "/" + kLock);
  if (::flock(lock_.get(), LOCK_EX | LOCK_NB) != 0) {
    if (errno != EWOULDBLOCK) throw system_error(errno, "lock " + path_ + "/" + kLock);
    auto holder = read_start(root_.get(), kLock);
    if (holder.empty()) holder = "another process";
    throw Error(Code::unavailable,
                path_ + " is in use by " + holder + ": stop that one, or give `root` another folder");
  }
  if (::ftruncate(lock_.get(), 0) != 0) throw system_error(errno, "write " + path_ + "/" + kLock);
  write_text(lock_, this_process(), path_ + "/" + kLock);
}

std::string RootFolder::marker_text(Layout layout) {
  return "# This folder belongs to a Fermata archive. objects/ holds what it keeps: one file each, readable by any\n"
         "# DICOM program. Do not add, change or remove files while Fermata runs.\n"
         "format: " +
         std::to_string(static_cast<int>(layout)) + "\n";
}

void RootFolder::write_marker(Layout layout) const {
  if (format_of(read_start(root_.get(), kMarker)) == static_cast<int>(layout)) return;
  const auto path = path_ + "/" + kNewMarker;
  const FileDescriptor fd(::openat(root_.get(), kNewMarker, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0640));
  if (!fd) throw system_error(errno, "make " + path);
  write_text(fd, marker_text(layout), path);
  sync(fd, path);
  if (::renameat(root_.get(), kNewMarker, root_.get(), kMarker) != 0)
    throw system_error(errno, "rename " + path + " to " + kMarker);
  sync(root_, path_);
}

void RootFolder::read_marker() const {
  const int format = format_of(read_start(root_.get(), kMarker));
  const std::string marker = path_ + "/" + kMarker;
  if (format < 1)
    throw Error(Code::corrupt, marker +
                                   " says no format version: restore the file from a backup, or if objects/ is "
                                   "whole, write the line \"format: 1\" into it");
  if (format > kFormat)
    throw Error(Code::unsupported, marker + " has format " + std::to_string(format) +
                                       ", made by a newer version of Fermata, and this one knows formats up to " +
                                       std::to_string(kFormat) + ": start the newer version, or choose another `root`");
}

void RootFolder::make_folders() const {
  for (const char* name : {"objects", "incoming"})
    if (::mkdirat(root_.get(), name, 0750) != 0 && errno != EEXIST)
      throw system_error(errno, "make the folder " + path_ + "/" + name);
  sync(root_, path_);
  if (device_of(objects()) != device_of(incoming()))
    throw Error(Code::invalid, path_ + "/objects and " + path_ +
                                   "/incoming are on different file systems, between which no file can be renamed: "
                                   "mount the whole of `root` instead");
}

bool RootFolder::has_journal() const { return ::faccessat(root_.get(), "journal", F_OK, 0) == 0; }

FileDescriptor RootFolder::make_journal() const {
  if (::mkdirat(root_.get(), "journal", 0750) != 0 && errno != EEXIST)
    throw system_error(errno, "make the folder " + path_ + "/journal");
  sync(root_, path_);
  return journal();
}

void RootFolder::clear_incoming() {
  const auto folder = incoming();
  for (const auto& entry : fs::directory_iterator(path_ + "/incoming")) {
    const auto name = entry.path().filename();
    if (::unlinkat(folder.get(), name.c_str(), 0) != 0)
      throw system_error(errno, "remove " + entry.path().string() + ", left behind by an earlier run");
    ++leftovers_;
  }
}

FileDescriptor RootFolder::open_folder(const std::string& name) const { return open_directory(path_ + "/" + name); }

}  // namespace fermata::storage_filesystem
