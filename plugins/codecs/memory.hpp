#pragma once
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <memory>
#include <mutex>

namespace fermata::codecs {

/// What all transcodings and renderings of the process may take together; who comes too early waits.
///
/// **Thread**: any. **Ownership**: outlives the shares. **Errors**: unsupported (more than there is at all),
/// unavailable (nothing was given back for `patience`).
class Memory {
 public:
  explicit Memory(uint64_t bytes, std::chrono::milliseconds patience = std::chrono::seconds(30));
  Memory(const Memory&) = delete;
  Memory& operator=(const Memory&) = delete;

  class Share;  ///< gives back when it ends
  /// Whoever has a share must not wait for a second one.
  std::shared_ptr<Share> reserve(uint64_t bytes);

 private:
  const uint64_t bytes_;
  const std::chrono::milliseconds patience_;
  uint64_t free_;
  std::mutex mutex_;
  std::condition_variable released_;
};

}  // namespace fermata::codecs
