#include "folder_blob_store.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <string>
#include <system_error>
#include <vector>

#include "fermata/blob_key.hpp"
#include "fermata/error.hpp"

namespace your_plugin {
namespace {

namespace fs = std::filesystem;
using fermata::Code;
using fermata::Error;

[[noreturn]] void fail(const fs::path& path) {
  const int number = errno;
  const bool full = number == ENOSPC || number == EDQUOT;
  throw Error(full ? Code::no_space : Code::io,
              path.string() + ": " + std::generic_category().message(number) +
                  (full ? "; make room on its file system" : "; look at the disk and the rights of the folder"));
}

Error missing(std::string_view key) { return {Code::not_found, "there is no blob under the key " + std::string(key)}; }
Error taken(std::string_view key) {
  return {Code::conflict, "another blob has been committed under the key " + std::string(key)};
}

class Descriptor {
 public:
  Descriptor(const fs::path& path, int flags) : number_(::open(path.c_str(), flags | O_CLOEXEC, 0640)) {}
  ~Descriptor() {
    if (number_ >= 0) ::close(number_);
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  bool is_open() const { return number_ >= 0; }
  int operator*() const { return number_; }

 private:
  const int number_;
};

void sync_folder(const fs::path& folder) {
  const Descriptor descriptor(folder, O_RDONLY | O_DIRECTORY);
  if (!descriptor.is_open() || ::fsync(*descriptor) != 0) fail(folder);
}

class Writer final : public fermata::BlobWriter {
 public:
  Writer(std::string key, fs::path temporary, const fs::path& blobs)
      : key_(std::move(key)),
        temporary_(std::move(temporary)),
        blobs_(blobs),
        file_(temporary_, O_WRONLY | O_CREAT | O_EXCL) {
    if (!file_.is_open()) fail(temporary_);
  }
  ~Writer() override { ::unlink(temporary_.c_str()); }

  void append(std::span<const std::byte> data) override {
    while (!data.empty()) {
      const auto count = ::write(*file_, data.data(), data.size());
      if (count < 0 && errno == EINTR) continue;
      if (count < 0) fail(temporary_);
      data = data.subspan(static_cast<std::size_t>(count));
    }
  }

  /// First the content, then the name, then the folders that lead to it: a crash in between leaves no blob.
  void commit() override {
    if (::fsync(*file_) != 0) fail(temporary_);
    const auto target = blobs_ / key_;
    std::error_code error;
    fs::create_directories(target.parent_path(), error);
    if (error == std::errc::not_a_directory || error == std::errc::file_exists) throw taken(key_);
    if (::link(temporary_.c_str(), target.c_str()) != 0) {
      if (errno == EEXIST || errno == ENOTDIR) throw taken(key_);
      fail(target);
    }
    for (auto folder = target.parent_path();; folder = folder.parent_path()) {
      sync_folder(folder);
      if (folder == blobs_) break;
    }
  }

 private:
  const std::string key_;
  const fs::path temporary_;
  const fs::path& blobs_;
  const Descriptor file_;
};

class Reader final : public fermata::BlobReader {
 public:
  Reader(std::string_view key, const fs::path& path) : path_(path), file_(path, O_RDONLY) {
    struct stat status {};
    if (!file_.is_open() && errno != ENOENT && errno != ENOTDIR) fail(path);
    if (!file_.is_open() || ::fstat(*file_, &status) != 0 || !S_ISREG(status.st_mode)) throw missing(key);
    length_ = static_cast<uint64_t>(status.st_size);
  }
  uint64_t length() override { return length_; }
  uint64_t read_at(uint64_t offset, std::span<std::byte> into) override {
    if (offset >= length_) return 0;
    uint64_t done = 0;
    while (done < into.size()) {
      const auto count = ::pread(*file_, into.data() + done, into.size() - done, static_cast<off_t>(offset + done));
      if (count < 0 && errno == EINTR) continue;
      if (count < 0) fail(path_);
      if (count == 0) break;
      done += static_cast<uint64_t>(count);
    }
    return done;
  }

 private:
  const fs::path path_;
  const Descriptor file_;
  uint64_t length_ = 0;
};

/// Walks the folders in the order of the keys, and reads each one when it comes to it. A folder's name is compared with
/// its slash, since that is how it stands in a key: "a-b" comes before "a/c".
class Cursor final : public fermata::BlobCursor {
 public:
  Cursor(const fs::path& blobs, std::string after) : blobs_(blobs), after_(std::move(after)) { enter(""); }

  bool next(fermata::BlobEntry& entry) override {
    while (!levels_.empty()) {
      auto& level = levels_.back();
      if (level.next == level.names.size()) {
        levels_.pop_back();
        continue;
      }
      key_ = level.prefix + level.names[level.next++];
      if (key_.back() == '/') {
        if (key_ > after_ || after_.starts_with(key_)) enter(key_);
        continue;
      }
      std::error_code gone;
      const auto length = fs::file_size(blobs_ / key_, gone);
      if (gone || key_ <= after_) continue;
      entry = {key_, length};
      return true;
    }
    return false;
  }

 private:
  struct Level {
    std::string prefix;
    std::vector<std::string> names;
    std::size_t next = 0;
  };

  void enter(const std::string& prefix) {
    Level level{prefix, {}};
    std::error_code error;
    for (fs::directory_iterator entry(blobs_ / prefix, error), end; !error && entry != end; entry.increment(error)) {
      const auto name = entry->path().filename().string();
      if (fermata::is_blob_key_segment(name)) level.names.push_back(entry->is_directory() ? name + '/' : name);
    }
    std::sort(level.names.begin(), level.names.end());
    levels_.push_back(std::move(level));
  }

  const fs::path blobs_;
  const std::string after_;
  std::string key_;
  std::vector<Level> levels_;
};

}  // namespace

FolderBlobStore::FolderBlobStore(const fs::path& folder) : blobs_(folder / "blobs"), incoming_(folder / "incoming") {
  try {
    fs::remove_all(incoming_);
    fs::create_directories(blobs_);
    fs::create_directories(incoming_);
  } catch (const fs::filesystem_error& error) {
    throw Error(Code::io, std::string(error.what()) + "; look at the rights of the folder");
  }
}

std::unique_ptr<fermata::BlobWriter> FolderBlobStore::create(std::string_view key) {
  fermata::require_blob_key(key);
  return std::make_unique<Writer>(std::string(key), incoming_ / std::to_string(++number_), blobs_);
}

std::unique_ptr<fermata::BlobReader> FolderBlobStore::open(std::string_view key) {
  fermata::require_blob_key(key);
  return std::make_unique<Reader>(key, path_of(key));
}

/// Folders stay: another writer may be about to put a blob there.
void FolderBlobStore::remove(std::string_view key) {
  fermata::require_blob_key(key);
  if (::unlink(path_of(key).c_str()) == 0) return;
  if (errno == ENOENT || errno == ENOTDIR || errno == EISDIR) throw missing(key);
  fail(path_of(key));
}

std::unique_ptr<fermata::BlobCursor> FolderBlobStore::list(std::string_view after) {
  return std::make_unique<Cursor>(blobs_, std::string(after));
}

fermata::Capacity FolderBlobStore::capacity() {
  struct statvfs status {};
  if (::statvfs(blobs_.c_str(), &status) != 0) fail(blobs_);
  return {uint64_t{status.f_blocks} * status.f_frsize, uint64_t{status.f_bavail} * status.f_frsize};
}

void FolderBlobStore::sync() {
  const Descriptor folder(blobs_, O_RDONLY | O_DIRECTORY);
  if (!folder.is_open() || ::syncfs(*folder) != 0) fail(blobs_);
}

}  // namespace your_plugin
