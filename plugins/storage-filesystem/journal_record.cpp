#include "journal_record.hpp"

#include <zlib.h>

#include <cstring>
#include <optional>

namespace fermata::storage_filesystem {
namespace {

constexpr char kMagic[] = {'F', 'B', 'J', '1'};
constexpr std::size_t kHeader = 32;
constexpr std::size_t kCovered = 8;  // where the checksum begins to count

template <class Number>
void put(std::byte* at, Number number) {
  for (std::size_t i = 0; i < sizeof number; ++i) at[i] = static_cast<std::byte>(number >> (8 * i));
}

template <class Number>
Number get(const std::byte* at) {
  Number number = 0;
  for (std::size_t i = 0; i < sizeof number; ++i)
    number = static_cast<Number>(number | static_cast<Number>(static_cast<Number>(at[i]) << (8 * i)));
  return number;
}

uint64_t rounded_up(uint64_t size, uint64_t unit) { return (size + unit - 1) / unit * unit; }

uint32_t checksum(std::span<const std::byte> bytes) {
  return static_cast<uint32_t>(
      ::crc32_z(0, reinterpret_cast<const Bytef*>(bytes.data()), static_cast<z_size_t>(bytes.size())));
}

/// The record at the beginning of `bytes`, if one is there.
std::optional<JournalRecord> read_record(std::span<const std::byte> bytes) {
  if (bytes.size() < kHeader || std::memcmp(bytes.data(), kMagic, sizeof kMagic) != 0) return {};
  const auto content = get<uint32_t>(&bytes[24]);
  const auto key = get<uint16_t>(&bytes[28]);
  const auto kind = get<uint16_t>(&bytes[30]);
  if (kind != 1 && kind != 2) return {};
  if (bytes.size() - kHeader < uint64_t{key} + content) return {};
  if (checksum(bytes.subspan(kCovered, kHeader - kCovered + key + content)) != get<uint32_t>(&bytes[4])) return {};
  return JournalRecord{get<uint64_t>(&bytes[8]), get<uint64_t>(&bytes[16]), static_cast<JournalRecord::Kind>(kind),
                       std::string_view(reinterpret_cast<const char*>(&bytes[kHeader]), key),
                       bytes.subspan(kHeader + key, content)};
}

}  // namespace

uint64_t in_blocks(uint64_t bytes) { return rounded_up(bytes, kJournalBlock); }

uint64_t size_of(const JournalRecord& record) {
  return rounded_up(kHeader + record.key.size() + record.content.size(), 8);
}

void write_record(const JournalRecord& record, std::vector<std::byte>& bytes) {
  const auto begin = bytes.size();
  bytes.resize(begin + size_of(record));
  std::byte* const at = &bytes[begin];
  std::memcpy(at, kMagic, sizeof kMagic);
  put(at + 8, record.fill);
  put(at + 16, record.sequence);
  put(at + 24, static_cast<uint32_t>(record.content.size()));
  put(at + 28, static_cast<uint16_t>(record.key.size()));
  put(at + 30, static_cast<uint16_t>(record.kind));
  std::memcpy(at + kHeader, record.key.data(), record.key.size());
  if (!record.content.empty())
    std::memcpy(at + kHeader + record.key.size(), record.content.data(), record.content.size());
  const auto covered = kHeader - kCovered + record.key.size() + record.content.size();
  put(at + 4, checksum({at + kCovered, covered}));
}

std::vector<JournalRecord> read_records(std::span<const std::byte> segment) {
  std::vector<JournalRecord> records;
  const auto next_at = [&](uint64_t at) -> std::optional<JournalRecord> {
    if (at >= segment.size()) return {};
    auto record = read_record(segment.subspan(at));
    const bool follows =
        record &&
        (records.empty() || (record->fill == records.back().fill && record->sequence == records.back().sequence + 1));
    return follows ? record : std::nullopt;
  };
  for (uint64_t at = 0;;) {
    auto record = next_at(at);
    if (!record && !records.empty()) record = next_at(at = in_blocks(at));
    if (!record) return records;
    records.push_back(*record);
    at += size_of(*record);
  }
}

}  // namespace fermata::storage_filesystem
