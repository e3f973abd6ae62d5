#include "journal_segment.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>

#include "journal_record.hpp"
#include "system_error.hpp"

namespace fermata::storage_filesystem {
namespace {

constexpr uint64_t kStep = uint64_t{1} << 20;

FileDescriptor open_segment(const FileDescriptor& journal, const std::string& name, const std::string& path,
                            int creating) {
  FileDescriptor file(::openat(journal.get(), name.c_str(), O_RDWR | O_NOFOLLOW | O_CLOEXEC | creating, 0640));
  if (!file) throw system_error(errno, "open " + path);
  return file;
}

uint64_t size_of(const FileDescriptor& file, const std::string& path) {
  struct stat status {};
  if (::fstat(file.get(), &status) != 0) throw system_error(errno, "look at " + path);
  return static_cast<uint64_t>(status.st_size);
}

}  // namespace

JournalSegment::JournalSegment(const FileDescriptor& journal, const std::string& name, std::string path, uint64_t size,
                               unsigned lanes)
    : path_(std::move(path)), file_(open_segment(journal, name, path_, O_CREAT)), size_(size) {
  if (size_of(file_, path_) != size_) fill_with_zeros();
  while (lanes_.size() < lanes) lanes_.push_back(open_segment(journal, name, path_, 0));
}

JournalSegment::JournalSegment(const FileDescriptor& journal, const std::string& name, std::string path)
    : path_(std::move(path)), file_(open_segment(journal, name, path_, 0)), size_(size_of(file_, path_)) {}

void JournalSegment::write(uint64_t offset, std::span<const std::byte> bytes) {
  while (!bytes.empty()) {
    const auto count = ::pwrite(file_.get(), bytes.data(), bytes.size(), static_cast<off_t>(offset));
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) throw system_error(errno, "write " + path_);
    offset += static_cast<uint64_t>(count);
    bytes = bytes.subspan(static_cast<std::size_t>(count));
  }
}

void JournalSegment::begin_to_write(uint64_t offset, uint64_t end) noexcept {
  ::sync_file_range(file_.get(), static_cast<off64_t>(offset), static_cast<off64_t>(end - offset),
                    SYNC_FILE_RANGE_WRITE);
}

std::vector<std::byte> JournalSegment::read() const {
  std::vector<std::byte> bytes(size_);
  for (uint64_t at = 0; at < size_;) {
    const auto count = ::pread(file_.get(), &bytes[at], size_ - at, static_cast<off_t>(at));
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) throw system_error(errno, "read " + path_);
    if (count == 0) break;
    at += static_cast<uint64_t>(count);
  }
  return bytes;
}

void JournalSegment::make_empty(Durability& durability) {
  // Records are read from the beginning: without the first, none is found.
  const std::array<std::byte, kJournalBlock> zeros{};
  write(0, std::span(zeros).first(std::min<uint64_t>(size_, zeros.size())));
  durability.flush(file_, path_);
}

void JournalSegment::forget(uint64_t offset, uint64_t end) noexcept {
  const std::array<std::byte, kJournalBlock> zeros{};
  for (; offset < end; offset += zeros.size()) {
    const auto count = std::min<uint64_t>(zeros.size(), end - offset);
    [[maybe_unused]] const auto ignored = ::pwrite(file_.get(), zeros.data(), count, static_cast<off_t>(offset));
  }
}

void JournalSegment::fill_with_zeros() {
  if (::ftruncate(file_.get(), 0) != 0) throw system_error(errno, "write " + path_);
  const std::vector<std::byte> zeros(std::min(size_, kStep));
  for (uint64_t at = 0; at < size_; at += zeros.size())
    write(at, std::span(zeros).first(std::min<uint64_t>(zeros.size(), size_ - at)));
  if (::fsync(file_.get()) != 0) throw system_error(errno, "write " + path_ + " to disk");
}

}  // namespace fermata::storage_filesystem
