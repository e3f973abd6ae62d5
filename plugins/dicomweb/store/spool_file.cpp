#include "store/spool_file.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <system_error>

#include "limit_reached.hpp"
#include "problem.hpp"

namespace fermata::dicomweb {
namespace {

constexpr std::size_t kPiece = 256 * 1024;

[[noreturn]] void fail(const std::string& what) {
  const int error = errno;
  throw Error(error == ENOSPC || error == EDQUOT ? Code::no_space : Code::io,
              what + ": " + std::generic_category().message(error));
}

}  // namespace

SpoolFile::~SpoolFile() {
  if (file_ >= 0) ::close(file_);
}

void SpoolFile::append(std::span<const std::byte> bytes) {
  if (bytes.size() > limit_ - size_)
    throw LimitReached(413, "temporary_space",
                       "the request needs more than the " + std::to_string(limit_) +
                           " bytes of temporary space that one may take (option temporary_space)");
  if (file_ < 0) open();
  while (!bytes.empty()) {
    const auto count = ::pwrite(file_, bytes.data(), bytes.size(), static_cast<off_t>(size_));
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) fail("a temporary file in " + folder_ + " can't be written");
    size_ += static_cast<uint64_t>(count);
    bytes = bytes.subspan(static_cast<std::size_t>(count));
  }
}

std::vector<std::byte> SpoolFile::read(Range range) const {
  std::vector<std::byte> bytes(static_cast<std::size_t>(range.length));
  std::size_t done = 0;
  while (done < bytes.size()) done += read_at(range.offset + done, std::span(bytes).subspan(done));
  return bytes;
}

void SpoolFile::read(Range range, const std::function<void(std::span<const std::byte>)>& take) const {
  std::vector<std::byte> piece(static_cast<std::size_t>(std::min<uint64_t>(range.length, kPiece)));
  while (range.length != 0) {
    const auto wanted = static_cast<std::size_t>(std::min<uint64_t>(range.length, piece.size()));
    const auto count = read_at(range.offset, std::span(piece).first(wanted));
    take(std::span(piece).first(count));
    range.offset += count;
    range.length -= count;
  }
}

/// A file without a name where the file system has such, otherwise one whose name is taken away at once.
void SpoolFile::open() {
  file_ = ::open(folder_.c_str(), O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
  if (file_ >= 0) return;
  auto name = folder_ + "/fermata-XXXXXX";
  file_ = ::mkostemp(name.data(), O_CLOEXEC);
  if (file_ < 0) fail("a temporary file in " + folder_ + " can't be made (option temporary_folder)");
  ::unlink(name.c_str());
}

std::size_t SpoolFile::read_at(uint64_t offset, std::span<std::byte> into) const {
  for (;;) {
    const auto count = ::pread(file_, into.data(), into.size(), static_cast<off_t>(offset));
    if (count > 0) return static_cast<std::size_t>(count);
    if (count == 0) throw Error(Code::io, "a temporary file in " + folder_ + " has become shorter");
    if (errno != EINTR) fail("a temporary file in " + folder_ + " can't be read");
  }
}

}  // namespace fermata::dicomweb
