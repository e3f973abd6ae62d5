#pragma once
#include <atomic>
#include <chrono>
#include <cstdint>
#include <mutex>
#include <optional>

#include "fermata/journal.hpp"

namespace fermata::archive {

/// The memory that the headers of all objects may take while they come in. Small ones are not counted.
///
/// Each header stands there twice: as received and in its canonical form, and later in that form and in the index's
/// batch. Whoever goes beyond what is left is refused; those who have their part go on.
///
/// **Thread**: any.
class HeaderMemory {
 public:
  /// `bytes`, but never less than one header of the largest kind takes.
  HeaderMemory(uint64_t bytes, uint64_t largest_header, Journal journal);

  /// What one object takes, until its end. **Thread**: one at a time.
  class Share {
   public:
    explicit Share(HeaderMemory& memory) : memory_(memory) {}
    ~Share() { give_back(); }
    Share(const Share&) = delete;
    Share& operator=(const Share&) = delete;

    /// For a header of so many bytes. **Errors**: Refused (stopping: for the moment); then it has what it had.
    void grow_to(uint64_t header);
    void give_back();

   private:
    HeaderMemory& memory_;
    uint64_t held_ = 0;
  };

  uint64_t taken() const { return taken_; }

 private:
  using Clock = std::chrono::steady_clock;
  bool take(uint64_t bytes);
  void warn();

  const Journal journal_;
  const uint64_t bytes_;
  std::atomic<uint64_t> taken_{0};
  std::mutex mutex_;
  std::optional<Clock::time_point> warned_;
};

}  // namespace fermata::archive
