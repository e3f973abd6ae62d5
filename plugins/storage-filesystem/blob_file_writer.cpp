#include "blob_file_writer.hpp"

#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <utility>

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
  const KeysInUse::Use use(parts_.keys, key_);
  parts_.soundness.require();
  if (!commit_by_journal()) commit_by_itself();
}

/// False if this blob is not for the journal, or has no room there just now.
bool BlobFileWriter::commit_by_journal() {
  if (parts_.journal == nullptr || written_ != 0 || !parts_.journal->takes(buffer_.size())) return false;
  require_new_key(*parts_.objects.make(folder()));
  auto entry = parts_.journal->begin_blob(key_, buffer_);
  if (!entry) return false;
  // The file is made while the disk has the record to write.
  or_take_back(*entry, [&] { write({}); });
  // Before it has its name: a power cut may leave a name without the file's content, and the record mends that.
  parts_.journal->confirm(*entry);
  file_.reset();
  or_take_back(*entry, [&] { move_to_key(); });
  return true;
}

template <class Step>
void BlobFileWriter::or_take_back(BlobJournal::Entry& entry, Step&& step) {
  try {
    step();
  } catch (...) {
    parts_.journal->take_back(std::move(entry), key_);
    throw;
  }
}

void BlobFileWriter::commit_by_itself() {
  // No record of an earlier blob of this key may undo what is not in the journal.
  if (parts_.journal != nullptr) parts_.journal->let_go_of(key_);
  write({});
  parts_.durability.settle(file_, parts_.incoming_path + "/" + temporary_);
  file_.reset();
  const auto directory = move_to_key();
  try {
    parts_.commits.wait_for({{directory}});
  } catch (...) {
    // Nobody has been told that this blob exists: it must not turn up later as if it had been kept.
    ::unlinkat(parts_.objects.fd(), key_.c_str(), 0);
    throw;
  }
}

/// A record in the journal can't be refused any more.
void BlobFileWriter::require_new_key(const Directory& directory) const {
  struct stat status {};
  if (::fstatat(directory.fd.get(), name().c_str(), &status, AT_SYMLINK_NOFOLLOW) == 0)
    throw Error(Code::conflict, "another blob has been committed under the key " + key_);
}

void BlobFileWriter::make_file() {
  file_ = FileDescriptor(
      ::openat(parts_.incoming.get(), temporary_.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0640));
  if (!file_) throw system_error(errno, "make " + parts_.incoming_path + "/" + temporary_);
  in_incoming_ = true;
}

void BlobFileWriter::claim(uint64_t bytes) {
  parts_.space.claim(bytes);
  claimed_ += bytes;
}

/// What was collected, and `data` behind it without a copy.
void BlobFileWriter::write(std::span<const std::byte> data) {
  if (!file_) make_file();
  std::span<const std::byte> collected(buffer_);
  while (!collected.empty() || !data.empty()) {
    const std::array<iovec, 2> pieces{iovec{const_cast<std::byte*>(collected.data()), collected.size()},
                                      iovec{const_cast<std::byte*>(data.data()), data.size()}};
    const int empty = collected.empty() ? 1 : 0;
    const auto count = ::writev(file_.get(), pieces.data() + empty, static_cast<int>(pieces.size()) - empty);
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

std::string_view BlobFileWriter::folder() const { return folder_and_name(key_).first; }

std::string BlobFileWriter::name() const { return std::string(folder_and_name(key_).second); }

std::shared_ptr<Directory> BlobFileWriter::move_to_key() {
  for (int attempt = 0; attempt < kAttempts; ++attempt) {
    auto directory = parts_.objects.make(folder());
    if (rename_into(*directory, name())) {
      in_incoming_ = false;
      return directory;
    }
    parts_.objects.forget(folder());
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
