#include "file_copy.hpp"

#include <fcntl.h>
#include <linux/fs.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <cerrno>

namespace fermata::backup {

void FileCopy::check() const {
  if (cancelled_()) throw Interrupted{};
}

Content FileCopy::copy(const std::filesystem::path& from, const std::filesystem::path& to, Method method,
                       uint64_t version) {
  if (method == Method::link && link_file(from, to)) return read(to);
  auto source = OpenFile::read(from);
  auto target = OpenFile::create(to);
  Content content;
  StreamingChecksum checksum;
  const bool cloned = method == Method::automatic && ::ioctl(target.fd(), FICLONE, source.fd()) == 0;
  while (const auto count = source.read_some(buffer_)) {
    check();
    const auto bytes = std::span<const std::byte>(buffer_).first(count);
    checksum.add(bytes);
    if (!cloned) target.write(bytes);
    content.length += count;
  }
  if (version != 0) target.set_time(version);
  content.checksum = checksum.value();
  return content;
}

Content FileCopy::copy(BlobReader& from, const std::filesystem::path& to, uint64_t version) {
  auto target = OpenFile::create(to);
  Content content;
  StreamingChecksum checksum;
  while (const auto count = static_cast<std::size_t>(from.read_at(content.length, buffer_))) {
    check();
    const auto bytes = std::span<const std::byte>(buffer_).first(count);
    checksum.add(bytes);
    target.write(bytes);
    content.length += count;
  }
  if (version != 0) target.set_time(version);
  content.checksum = checksum.value();
  return content;
}

Content FileCopy::read(const std::filesystem::path& path) { return read(OpenFile::read(path)); }

Content FileCopy::read_from_disk(const std::filesystem::path& path) {
  auto file = OpenFile::read(path);
  ::posix_fadvise(file.fd(), 0, 0, POSIX_FADV_DONTNEED);
  return read(std::move(file));
}

Content FileCopy::read(OpenFile file) {
  Content content;
  StreamingChecksum checksum;
  while (const auto count = file.read_some(buffer_)) {
    check();
    checksum.add(std::span<const std::byte>(buffer_).first(count));
    content.length += count;
  }
  content.checksum = checksum.value();
  return content;
}

bool link_file(const std::filesystem::path& from, const std::filesystem::path& to) {
  if (::link(from.c_str(), to.c_str()) == 0) return true;
  switch (errno) {
    case EXDEV:
    case EPERM:  // no links here, or not of files of others
    case EMLINK:
    case EOPNOTSUPP:
    case ENOSYS:
      return false;
    default:
      throw system_error(errno, "link " + from.string() + " to " + to.string());
  }
}

}  // namespace fermata::backup
