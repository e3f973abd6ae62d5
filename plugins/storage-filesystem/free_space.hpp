#pragma once
#include <atomic>
#include <chrono>
#include <cstdint>
#include <mutex>
#include <string>

#include "fermata/blob_store.hpp"

namespace fermata::storage_filesystem {

/// Refuses new bytes before the file system is full, so that the index and the logs can still be written.
///
/// Asks the file system rarely: what it answers is a budget that the writers use up, a few MiB at a time.
/// **Thread**: any. **Errors**: no_space, io.
class FreeSpace {
 public:
  /// `path`: any folder of the file system. `reserve`: how many bytes to leave free.
  FreeSpace(std::string path, uint64_t reserve);

  /// Asks for room for `bytes` that are about to be held in memory for a file, or are the cost of making one.
  void claim(uint64_t bytes);
  /// Ends a claim: the file system counts these bytes by now, or they will never be written.
  void release(uint64_t bytes) { claimed_ -= bytes; }
  Capacity capacity() const;

 private:
  void refresh(uint64_t wanted);
  bool stale() const;

  const std::string path_;
  const uint64_t reserve_;
  std::atomic<uint64_t> claimed_{0};
  std::atomic<int64_t> budget_{0};
  std::atomic<std::chrono::steady_clock::time_point> refreshed_{};
  std::mutex mutex_;
};

}  // namespace fermata::storage_filesystem
