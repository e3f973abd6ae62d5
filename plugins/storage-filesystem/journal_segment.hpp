#pragma once
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "durability.hpp"
#include "file_descriptor.hpp"

namespace fermata::storage_filesystem {

/// One file of the journal. It is written full of zeros when it is made, so that a flush of what is written over them
/// has nothing else to write: no size, no block map.
///
/// **Thread**: one at a time; `begin_to_write` and `flush` beside everything, one flush in each lane. **Errors**:
/// no_space, io.
class JournalSegment {
 public:
  /// Opens `journal`/`name` and makes it, or makes it anew, unless it has this size. What it holds stays.
  /// `lanes`: how many may flush at a time.
  JournalSegment(const FileDescriptor& journal, const std::string& name, std::string path, uint64_t size,
                 unsigned lanes);
  /// Opens what is there, of whatever size, to read and to empty it.
  JournalSegment(const FileDescriptor& journal, const std::string& name, std::string path);

  uint64_t size() const { return size_; }
  const std::string& path() const { return path_; }

  void write(uint64_t offset, std::span<const std::byte> bytes);
  /// Lets the kernel begin to write back what is there. What goes wrong with that, the next flush says.
  void begin_to_write(uint64_t offset, uint64_t end) noexcept;
  /// All that was written before. Each lane has a descriptor of its own, since the kernel tells each of them once of
  /// what it failed to write.
  void flush(Durability& durability, unsigned lane) { durability.flush(lanes_.at(lane), path_); }
  std::vector<std::byte> read() const;
  /// Makes every record in it void, durably.
  void make_empty(Durability& durability);
  /// Makes what was to be written there void if that is possible; for when its flush has failed.
  void forget(uint64_t offset, uint64_t end) noexcept;

 private:
  void fill_with_zeros();

  std::string path_;
  FileDescriptor file_;
  std::vector<FileDescriptor> lanes_;
  uint64_t size_ = 0;
};

}  // namespace fermata::storage_filesystem
