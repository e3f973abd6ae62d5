#pragma once
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <mutex>

namespace fermata::codecs {

/// What all transcodings and renderings of the process may take together; who comes too early waits. And a folder on a
/// disk for what is too large to be kept in memory.
///
/// **Thread**: any. **Ownership**: outlives the shares. **Errors**: unsupported (more than there is at all),
/// unavailable (nothing was given back for `patience`).
class Memory {
 public:
  explicit Memory(uint64_t bytes, std::filesystem::path spool_folder = std::filesystem::temp_directory_path(),
                  std::chrono::milliseconds patience = std::chrono::seconds(30));
  Memory(const Memory&) = delete;
  Memory& operator=(const Memory&) = delete;

  /// Gives back when it ends. Whoever has one must not wait for a second one. **Thread**: one at a time.
  class Share {
   public:
    explicit Share(Memory& memory) : memory_(memory) {}
    ~Share() { memory_.give(bytes_); }
    Share(const Share&) = delete;
    Share& operator=(const Share&) = delete;

    uint64_t bytes() const { return bytes_; }
    /// Gives everything back before it waits for so much: nothing may be kept in it then. After an error it is empty.
    void resize(uint64_t bytes);

   private:
    Memory& memory_;
    uint64_t bytes_ = 0;
  };
  std::shared_ptr<Share> reserve(uint64_t bytes);
  const std::filesystem::path& spool_folder() const { return spool_folder_; }

 private:
  void take(uint64_t bytes);
  void give(uint64_t bytes);

  const uint64_t bytes_;
  const std::filesystem::path spool_folder_;
  const std::chrono::milliseconds patience_;
  uint64_t free_;
  std::mutex mutex_;
  std::condition_variable released_;
};

}  // namespace fermata::codecs
