#pragma once
#include <atomic>
#include <chrono>
#include <cstdint>
#include <mutex>
#include <optional>
#include <string>
#include <utility>

#include "fermata/journal.hpp"

namespace fermata {

/// Memory that many may take together: whoever wants to hold much has a share, which grows as long as something is
/// left. That nothing is left stands in the log, once a minute.
///
/// *Used by* whatever holds what strangers send. Small things need not be counted.
/// **Thread**: any; a share: one at a time. **Ownership**: outlives its shares.
class MemoryBudget {
 public:
  /// `what` takes it, in the plural, and `option` of the configuration says how much there is.
  MemoryBudget(uint64_t bytes, std::string what, std::string option, Journal journal)
      : bytes_(bytes), what_(std::move(what)), option_(std::move(option)), journal_(std::move(journal)) {}
  MemoryBudget(const MemoryBudget&) = delete;
  MemoryBudget& operator=(const MemoryBudget&) = delete;

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
    void give_back() { budget_.taken_ -= std::exchange(held_, 0); }

   private:
    MemoryBudget& budget_;
    uint64_t held_ = 0;
  };

 private:
  using Clock = std::chrono::steady_clock;
  static constexpr std::chrono::minutes kWarningInterval{1};

  bool take(uint64_t bytes) {
    auto taken = taken_.load();
    do {
      if (bytes > bytes_ - taken) {
        warn();
        return false;
      }
    } while (!taken_.compare_exchange_weak(taken, taken + bytes));
    return true;
  }

  void warn() {
    {
      const auto now = Clock::now();
      const std::lock_guard lock(mutex_);
      if (warned_ && now - *warned_ < kWarningInterval) return;
      warned_ = now;
    }
    journal_.log(LogLevel::warning,
                 what_ + " are refused for the moment: those that are coming in take all the memory that `" + option_ +
                     "` allows; raise it if there is more, or see who sends so much",
                 {{"mebibytes", std::to_string(bytes_ >> 20)}});
  }

  const uint64_t bytes_;
  const std::string what_;
  const std::string option_;
  const Journal journal_;
  std::atomic<uint64_t> taken_{0};
  std::mutex mutex_;
  std::optional<Clock::time_point> warned_;
};

}  // namespace fermata
