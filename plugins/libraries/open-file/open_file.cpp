#include "open_file.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <utility>

namespace fermata {

Error system_error(int number, const std::string& what) {
  const auto text = "cannot " + what + ": " + std::strerror(number);
  switch (number) {
    case ENOSPC:
    case EDQUOT:
      return {Code::no_space, text + "; make room there, or choose another place"};
    case ENOENT:
    case ENOTDIR:
      return {Code::not_found, text};
    case EEXIST:
      return {Code::conflict, text};
    case EROFS:
      return {Code::refused, text +
                                 "; a service of systemd writes to its own folder only: docs/backup.md says how to "
                                 "allow another"};
    case EACCES:
    case EPERM:
      return {Code::refused, text + "; let the user that the archive runs as write there and read it"};
    default:
      return {Code::io, text};
  }
}

OpenFile OpenFile::read(const std::filesystem::path& path) {
  const int fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (fd < 0) throw system_error(errno, "open " + path.string());
  return {fd, path};
}

OpenFile OpenFile::folder(const std::filesystem::path& path) {
  const int fd = ::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (fd < 0) throw system_error(errno, "open the folder " + path.string());
  return {fd, path};
}

OpenFile OpenFile::create(const std::filesystem::path& path) {
  const int fd = ::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0640);
  if (fd < 0) throw system_error(errno, "make " + path.string());
  return {fd, path};
}

OpenFile::OpenFile(OpenFile&& other) noexcept : fd_(std::exchange(other.fd_, -1)), path_(std::move(other.path_)) {}

OpenFile::~OpenFile() {
  if (fd_ >= 0) ::close(fd_);
}

uint64_t OpenFile::length() const {
  struct stat status {};
  if (::fstat(fd_, &status) != 0) throw system_error(errno, "look at " + path_);
  return static_cast<uint64_t>(status.st_size);
}

std::size_t OpenFile::read_some(std::span<std::byte> into) {
  for (;;) {
    const auto count = ::read(fd_, into.data(), into.size());
    if (count >= 0) return static_cast<std::size_t>(count);
    if (errno != EINTR) throw system_error(errno, "read " + path_);
  }
}

void OpenFile::write(std::span<const std::byte> data) {
  while (!data.empty()) {
    const auto count = ::write(fd_, data.data(), data.size());
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) throw system_error(errno, "write " + path_);
    data = data.subspan(static_cast<std::size_t>(count));
  }
}

void OpenFile::sync() {
  if (::fsync(fd_) != 0) throw system_error(errno, "write " + path_ + " to disk");
}

void OpenFile::sync_file_system() {
  if (::syncfs(fd_) != 0) throw system_error(errno, "write " + path_ + " to disk");
}

void OpenFile::set_time(uint64_t nanoseconds) {
  const timespec time{static_cast<time_t>(nanoseconds / 1'000'000'000), static_cast<long>(nanoseconds % 1'000'000'000)};
  const timespec times[2] = {time, time};
  ::futimens(fd_, times);  // where it can't be kept, the next backup reads the file anew
}

void sync_folder(const std::filesystem::path& folder) { OpenFile::folder(folder.empty() ? "." : folder).sync(); }

void replace_file(const std::filesystem::path& path, std::string_view text) {
  auto beside = path;
  beside += ".new";
  std::error_code ignored;
  std::filesystem::remove(beside, ignored);
  {
    auto file = OpenFile::create(beside);
    file.write(std::as_bytes(std::span(text)));
    file.sync();
  }
  if (::rename(beside.c_str(), path.c_str()) != 0)
    throw system_error(errno, "rename " + beside.string() + " to " + path.string());
  sync_folder(path.parent_path());
}

}  // namespace fermata
