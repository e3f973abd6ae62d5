#pragma once
#include <atomic>
#include <cstdint>

namespace fermata {

/// Memory that many may take together: whoever wants to hold much has a share, which grows as long as something is
/// left.
///
/// **Thread**: any; a share: one at a time. **Ownership**: outlives its shares.
class MemoryBudget {
 public:
  explicit MemoryBudget(uint64_t bytes) : bytes_(bytes) {}
  MemoryBudget(const MemoryBudget&) = delete;
  MemoryBudget& operator=(const MemoryBudget&) = delete;

  uint64_t bytes() const { return bytes_; }
  uint64_t taken() const { return taken_; }

  /// What one of them holds. Given back at its end.
  class Share {
   public:
    explicit Share(MemoryBudget& budget) : budget_(budget) {}
    ~Share() { give_back(); }
    Share(const Share&) = delete;
    Share& operator=(const Share&) = delete;

    /// Has at least so many bytes from now on. False, and as before, if so much is not left.
    bool grow_to(uint64_t bytes) {
      if (bytes <= held_) return true;
      if (!budget_.take(bytes - held_)) return false;
      held_ = bytes;
      return true;
    }
    void give_back() {
      budget_.taken_ -= held_;
      held_ = 0;
    }

   private:
    MemoryBudget& budget_;
    uint64_t held_ = 0;
  };

 private:
  bool take(uint64_t bytes) {
    auto taken = taken_.load();
    do {
      if (bytes > bytes_ - taken) return false;
    } while (!taken_.compare_exchange_weak(taken, taken + bytes));
    return true;
  }

  const uint64_t bytes_;
  std::atomic<uint64_t> taken_{0};
};

}  // namespace fermata
