#pragma once
#include <chrono>
#include <cstdint>
#include <mutex>
#include <optional>

#include "fermata/journal.hpp"
#include "fermata/memory_budget.hpp"

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

  /// What one object takes, until its end.
  class Share {
   public:
    explicit Share(HeaderMemory& memory) : memory_(memory), share_(memory.budget_) {}
    /// For a header of so many bytes. **Errors**: Refused (stopping: for the moment).
    void grow_to(uint64_t header);
    void give_back() { share_.give_back(); }

   private:
    HeaderMemory& memory_;
    MemoryBudget::Share share_;
  };

  uint64_t taken() const { return budget_.taken(); }

 private:
  using Clock = std::chrono::steady_clock;
  void warn();

  const Journal journal_;
  MemoryBudget budget_;
  std::mutex mutex_;
  std::optional<Clock::time_point> warned_;
};

}  // namespace fermata::archive
