#include "spooled_object.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <string>

#include "fermata/error.hpp"
#include "fermata/free_memory.hpp"

namespace fermata::codecs {
namespace {

constexpr std::size_t kPiece = 65536;

[[noreturn]] void fail(const std::filesystem::path& folder, int error) {
  const bool full = error == ENOSPC || error == EDQUOT;
  throw Error(full ? Code::no_space : Code::io, "a large object could not be kept in `spool_folder` (" +
                                                    folder.string() + ") on its way out: " + std::strerror(error));
}

}  // namespace

SpooledObject::SpooledObject(std::unique_ptr<ByteSource> source, std::filesystem::path folder,
                             std::optional<uint64_t> length)
    : source_(std::move(source)), folder_(std::move(folder)), known_length_(length), piece_(kPiece) {}

SpooledObject::~SpooledObject() {
  if (file_ >= 0) ::close(file_);
}

uint64_t SpooledObject::length() {
  if (known_length_) return *known_length_;
  const std::lock_guard lock(mutex_);
  produce(UINT64_MAX);
  return produced_;
}

uint64_t SpooledObject::read_at(uint64_t offset, std::span<std::byte> into) {
  const std::lock_guard lock(mutex_);
  produce(into.size() > UINT64_MAX - offset ? UINT64_MAX : offset + into.size());
  if (offset >= produced_) return 0;
  into = into.first(static_cast<std::size_t>(std::min<uint64_t>(into.size(), produced_ - offset)));
  std::size_t done = 0;
  if (offset < head_.size()) {
    done = std::min<std::size_t>(into.size(), head_.size() - static_cast<std::size_t>(offset));
    std::memcpy(into.data(), head_.data() + offset, done);
  }
  while (done < into.size()) {
    const auto count =
        ::pread(file_, into.data() + done, into.size() - done, static_cast<off_t>(offset + done - head_.size()));
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) fail(folder_, count < 0 ? errno : EIO);
    done += static_cast<std::size_t>(count);
  }
  return done;
}

void SpooledObject::produce(uint64_t up_to) {
  if (produced_ >= up_to) return;
  if (failure_) std::rethrow_exception(failure_);
  try {
    while (source_ && produced_ < up_to) {
      const auto count = source_->read(piece_);
      keep(std::span(piece_).first(count));
      if (count == piece_.size()) continue;
      source_.reset();
      free_memory(piece_);
    }
  } catch (...) {
    failure_ = std::current_exception();
    source_.reset();
    throw;
  }
}

void SpooledObject::keep(std::span<const std::byte> bytes) {
  const auto fits = std::min(bytes.size(), kInMemory - head_.size());
  head_.insert(head_.end(), bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(fits));
  produced_ += fits;
  bytes = bytes.subspan(fits);
  if (!bytes.empty() && file_ < 0) open_file();
  while (!bytes.empty()) {
    const auto count = ::pwrite(file_, bytes.data(), bytes.size(), static_cast<off_t>(produced_ - head_.size()));
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) fail(folder_, errno);
    produced_ += static_cast<uint64_t>(count);
    bytes = bytes.subspan(static_cast<std::size_t>(count));
  }
}

void SpooledObject::open_file() {
  file_ = ::open(folder_.c_str(), O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
  if (file_ >= 0) return;
  auto name = (folder_ / "fermata-spool-XXXXXX").string();  // for file systems that know no files without a name
  file_ = ::mkostemp(name.data(), O_CLOEXEC);
  if (file_ < 0) fail(folder_, errno);
  ::unlink(name.c_str());
}

}  // namespace fermata::codecs
