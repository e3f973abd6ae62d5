#include "blob_file_reader.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

#include "system_error.hpp"

namespace fermata::storage_filesystem {
namespace {

/// Without O_NOATIME the first read after a write changes the inode; only the file's owner may ask for it.
int open_quietly(int folder, const char* key) {
  constexpr int kFlags = O_RDONLY | O_CLOEXEC | O_NOFOLLOW;
  const int fd = ::openat(folder, key, kFlags | O_NOATIME);
  return fd < 0 && errno == EPERM ? ::openat(folder, key, kFlags) : fd;
}

Error missing(const std::string& key) { return Error(Code::not_found, "there is no blob under the key " + key); }

}  // namespace

BlobFileReader::BlobFileReader(int folder, const std::string& key, std::string path)
    : file_(open_quietly(folder, key.c_str())), path_(std::move(path)) {
  if (!file_) {
    if (errno == ENOENT || errno == ENOTDIR) throw missing(key);
    throw system_error(errno, "open " + path_);
  }
  struct stat status {};
  if (::fstat(file_.get(), &status) != 0) throw system_error(errno, "open " + path_);
  if (!S_ISREG(status.st_mode)) throw missing(key);
  length_ = static_cast<uint64_t>(status.st_size);
}

uint64_t BlobFileReader::read_at(uint64_t offset, std::span<std::byte> into) {
  if (offset >= length_) return 0;
  into = into.first(std::min<uint64_t>(into.size(), length_ - offset));
  uint64_t done = 0;
  while (done < into.size()) {
    const auto count = ::pread(file_.get(), into.data() + done, into.size() - done, static_cast<off_t>(offset + done));
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) throw system_error(errno, "read " + path_);
    if (count == 0)
      throw Error(Code::corrupt, path_ + " has become shorter than " + std::to_string(length_) +
                                     " bytes: something other than Fermata has changed it; restore it from a backup");
    done += static_cast<uint64_t>(count);
  }
  return done;
}

}  // namespace fermata::storage_filesystem
