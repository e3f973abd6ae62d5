#include "sources/file_stream.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "fermata/error.hpp"

namespace fermata::imports {
namespace {

constexpr std::size_t kPiece = 256 * 1024;

[[noreturn]] void fail() { throw Error(Code::io, std::strerror(errno)); }

}  // namespace

FileStream::FileStream(const std::filesystem::path& path)
    : descriptor_(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK)), buffer_(kPiece) {
  if (descriptor_ < 0) fail();
  struct stat about {};
  if (::fstat(descriptor_, &about) == 0 && S_ISREG(about.st_mode)) return;
  ::close(descriptor_);
  throw Error(Code::io, "it is no regular file");
}

FileStream::~FileStream() { ::close(descriptor_); }

std::span<const std::byte> FileStream::read() {
  for (;;) {
    const auto count = ::read(descriptor_, buffer_.data(), buffer_.size());
    if (count >= 0) return std::span(buffer_).first(static_cast<std::size_t>(count));
    if (errno != EINTR) fail();
  }
}

}  // namespace fermata::imports
