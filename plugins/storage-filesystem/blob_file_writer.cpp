#include "blob_file_writer.hpp"

#include <fcntl.h>
#include <stdio.h>
#include <sys/uio.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>

#include "system_error.hpp"

namespace fermata::storage_filesystem {
namespace {

constexpr uint64_t kFileCost = 4096;  // an inode, a name, and what the last block leaves unused
constexpr uint64_t kWriteBackStep = uint64_t{4} << 20;
constexpr int kAttempts = 64;  // against folders that are removed, being empty, just when a blob is to go into them

std::string numbered(uint64_t number) {
  auto digits = std::to_string(number);
  return std::string(digits.size() < 8 ? 8 - digits.size() : 0, '0') + digits;
}

/// Renames without replacing. Not every file system knows the flag; a second link to the file does the same.
int rename_to_new(int from_directory, const char* from, int to_directory, const char* to) {
  if (::renameat2(from_directory, from, to_directory, to, RENAME_NOREPLACE) == 0) return 0;
  if (errno != EINVAL && errno != ENOSYS) return errno;
  if (::linkat(from_directory, from, to_directory, to, 0) != 0) return errno;
  ::unlinkat(from_directory, from, 0);  // at the next start if not now
  return 0;
}

}  // namespace

BlobFileWriter::BlobFileWriter(WritingParts& parts, std::string key)
    : parts_(parts), key_(std::move(key)), temporary_(numbered(++parts.last_number)) {
  parts_.space.claim(kFileCost);
  claimed_ = kFileCost;
  file_ = FileDescriptor(
      ::openat(parts_.incoming.get(), temporary_.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0640));
  if (!file_) {
    const int number = errno;
    parts_.space.release(claimed_);
    throw system_error(number, "make " + parts_.incoming_path + "/" + temporary_);
  }
  in_incoming_ = true;
}

BlobFileWriter::~BlobFileWriter() {
  if (in_incoming_) ::unlinkat(parts_.incoming.get(), temporary_.c_str(), 0);
  file_.reset();
  parts_.space.release(claimed_);
}

void BlobFileWriter::append(std::span<const std::byte> data) {
  while (!data.empty()) {
    const auto part = data.first(std::min<std::size_t>(data.size(), kWriteBackStep));
    claim(part.size());
    if (buffer_.size() + part.size() < kBuffer)
      buffer_.insert(buffer_.end(), part.begin(), part.end());
    else
      write(part);
    data = data.subspan(part.size());
  }
}

void BlobFileWriter::commit() {
  write({});
  parts_.durability.settle(file_, parts_.incoming_path + "/" + temporary_);
  file_.reset();
  const auto directory = move_to_key();
  try {
    parts_.commits.wait_for({{directory}});
  } catch (const Error&) {
    // Nobody has been told that this blob exists: it must not turn up later as if it had been kept.
    ::unlinkat(parts_.objects.fd(), key_.c_str(), 0);
    throw;
  }
}

void BlobFileWriter::claim(uint64_t bytes) {
  parts_.space.claim(bytes);
  claimed_ += bytes;
}

/// What was collected, and `data` behind it without a copy.
void BlobFileWriter::write(std::span<const std::byte> data) {
  std::span<const std::byte> collected(buffer_);
  while (!collected.empty() || !data.empty()) {
    const std::array<iovec, 2> pieces{iovec{const_cast<std::byte*>(collected.data()), collected.size()},
                                      iovec{const_cast<std::byte*>(data.data()), data.size()}};
    const auto count = ::writev(file_.get(), pieces.data(), static_cast<int>(pieces.size()));
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) throw system_error(errno, "write " + parts_.incoming_path + "/" + temporary_);
    const auto bytes = static_cast<std::size_t>(count);
    written_ += bytes;
    claimed_ -= bytes;
    parts_.space.release(bytes);
    const auto of_collected = std::min(bytes, collected.size());
    collected = collected.subspan(of_collected);
    data = data.subspan(bytes - of_collected);
  }
  buffer_.clear();
  if (written_ - written_back_ >= kWriteBackStep) start_write_back();
}

void BlobFileWriter::start_write_back() {
  // Only a start: errors show when the commit waits for the data.
  ::sync_file_range(file_.get(), static_cast<off64_t>(written_back_), static_cast<off64_t>(written_ - written_back_),
                    SYNC_FILE_RANGE_WRITE);
  written_back_ = written_;
}

std::shared_ptr<Directory> BlobFileWriter::move_to_key() {
  const auto slash = key_.rfind('/');
  const auto folder = slash == std::string::npos ? std::string() : key_.substr(0, slash);
  const auto name = slash == std::string::npos ? key_ : key_.substr(slash + 1);
  for (int attempt = 0; attempt < kAttempts; ++attempt) {
    auto directory = parts_.objects.make(folder);
    if (rename_into(*directory, name)) {
      in_incoming_ = false;
      return directory;
    }
    parts_.objects.forget(folder);
  }
  throw Error(Code::io, "cannot move " + parts_.incoming_path + "/" + temporary_ + " to " + parts_.objects.path() +
                            "/" + key_ + ": one of them keeps vanishing; see that nothing but Fermata works in there");
}

/// False if the folder has been removed meanwhile.
bool BlobFileWriter::rename_into(const Directory& directory, const std::string& name) {
  const int number = rename_to_new(parts_.incoming.get(), temporary_.c_str(), directory.fd.get(), name.c_str());
  if (number == 0) return true;
  if (number == ENOENT) return false;
  if (number == EEXIST) throw Error(Code::conflict, "another blob has been committed under the key " + key_);
  throw system_error(number,
                     "move " + parts_.incoming_path + "/" + temporary_ + " to " + parts_.objects.path() + "/" + key_);
}

}  // namespace fermata::storage_filesystem
