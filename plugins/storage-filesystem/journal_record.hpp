#pragma once
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

namespace fermata::storage_filesystem {

/// One entry of the journal: what became of one key.
///
/// On the disk, numbers with the lowest byte first:
///
///     0   "FBJ1"      the version of this layout
///     4   CRC-32      of everything behind it
///     8   fill        a random number, the same for all records between two emptyings of a segment
///     16  sequence    ascends through all segments
///     24  length      of the content (4 bytes)
///     28  length      of the key (2 bytes)
///     30  kind        1: a blob, 2: the removal of one (2 bytes)
///     32  the key, the content, and zeros up to a multiple of 8
struct JournalRecord {
  enum class Kind : uint16_t { blob = 1, removal = 2 };

  uint64_t fill = 0;
  uint64_t sequence = 0;
  Kind kind = Kind::blob;
  std::string_view key;
  std::span<const std::byte> content;
};

/// What is written after a flush begins at a multiple of this, so that writing it cannot harm what was flushed.
inline constexpr uint64_t kJournalBlock = 4096;
/// Rounded up to whole blocks.
uint64_t in_blocks(uint64_t bytes);

/// How much room the record takes.
uint64_t size_of(const JournalRecord& record);

/// Adds the record at the end of `bytes`.
void write_record(const JournalRecord& record, std::vector<std::byte>& bytes);

/// The records of a segment's last filling, as far as they are whole. They refer to `segment`.
///
/// A torn record ends the list: it was never flushed, nor was anything behind it. So does one of an earlier filling.
std::vector<JournalRecord> read_records(std::span<const std::byte> segment);

}  // namespace fermata::storage_filesystem
