#pragma once
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string_view>

#include "fermata/c/blob_store.h"

namespace fermata {

/// Receives the bytes of one new blob.
///
/// **Ownership**: the caller's. Destroyed without `commit`, the blob has never existed and leaves nothing behind.
/// **Thread**: one thread at a time. **Errors**: after any error only destruction is allowed.
class BlobWriter {
 public:
  virtual ~BlobWriter() = default;
  /// Adds bytes at the end. Error no_space: the store is full, or down to its reserve.
  virtual void append(std::span<const std::byte> data) = 0;
  /// When this returns, the blob is visible under its key and survives a power cut. Called at most once.
  /// Error conflict: another writer has committed this key first; that blob is unchanged.
  virtual void commit() = 0;
};

/// Reads one blob; it stays readable even if the blob is removed meanwhile.
/// **Thread**: any number of threads at once.
class BlobReader {
 public:
  virtual ~BlobReader() = default;
  virtual uint64_t length() = 0;
  /// Fills `into` from `offset` on and returns the number of bytes; fewer than asked for only at the end.
  virtual uint64_t read_at(uint64_t offset, std::span<std::byte> into) = 0;
};

/// `key` is valid until the cursor's next call.
struct BlobEntry {
  std::string_view key;
  uint64_t length = 0;
};

/// Keys in ascending byte order. Blobs committed or removed after the cursor was made may or may not be seen.
/// **Thread**: one thread at a time.
class BlobCursor {
 public:
  virtual ~BlobCursor() = default;
  /// False at the end.
  virtual bool next(BlobEntry& entry) = 0;
};

/// Both in bytes. `available` leaves out the reserve that the store keeps free.
struct Capacity {
  uint64_t total = 0;
  uint64_t available = 0;
};

/// Keeps byte sequences under keys, durably: the truth of the archive, from which every index can be made anew.
///
/// *Provided by* storage plugins; *used by* the archive.
/// **Keys**: 1 to 512 bytes of `A-Z a-z 0-9 . _ -` in segments of 1 to 255 joined by `/`; no segment is `.` or `..`.
///   Any other key is Error invalid (`fermata/blob_key.hpp` checks). A store may answer conflict to a key that has
///   another blob's key as its leading segments. The archive's keys begin with the date of receipt and ascend with
///   time.
/// **Thread**: all functions from any thread; writers of different keys do not wait for each other beyond the disk.
/// **Ownership**: keys are borrowed for the call; returned objects belong to the caller and must end before `stop`.
/// **Visibility**: `open` and `list` see a blob whole or not at all, also after a crash at any point.
/// **Errors**: not_found, conflict (key exists), no_space, io, invalid.
class BlobStore {
 public:
  static constexpr const char* kId = FERMATA_BLOB_STORE_ID;
  virtual ~BlobStore() = default;
  virtual std::unique_ptr<BlobWriter> create(std::string_view key) = 0;
  virtual std::unique_ptr<BlobReader> open(std::string_view key) = 0;
  /// The blob is gone from `open` and `list` at once, for good after the next `sync`. Error not_found.
  virtual void remove(std::string_view key) = 0;
  /// All blobs with a key greater than `after`; an empty `after` means from the first.
  virtual std::unique_ptr<BlobCursor> list(std::string_view after) = 0;
  virtual Capacity capacity() = 0;
  /// Makes every `remove` that has returned survive a power cut.
  virtual void sync() = 0;
};

}  // namespace fermata

#include "fermata/bridge/blob_store.hpp"  // IWYU pragma: export
