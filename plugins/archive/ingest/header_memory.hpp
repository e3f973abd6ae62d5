#pragma once
#include <algorithm>
#include <cstdint>
#include <utility>

#include "fermata/memory_budget.hpp"
#include "refusal.hpp"

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
  HeaderMemory(uint64_t bytes, uint64_t largest_header, Journal journal)
      : budget_(std::max(bytes, kForms * largest_header), "objects with large headers", "maximum_headers",
                std::move(journal)) {}

  /// What one object takes, until its end. **Thread**: one at a time.
  class Share {
   public:
    explicit Share(HeaderMemory& memory) : share_(memory.budget_) {}

    /// For a header of so many bytes. **Errors**: Refused (stopping: for the moment); then it has what it had.
    void grow_to(uint64_t header) {
      if (!share_.grow_to(kForms * header))
        no_memory("too many large headers at a time: send it again later", "headers");
    }
    void give_back() { share_.give_back(); }

   private:
    MemoryBudget::Share share_;
  };

  uint64_t taken() const { return budget_.taken(); }

 private:
  static constexpr uint64_t kForms = 2;
  MemoryBudget budget_;
};

}  // namespace fermata::archive
