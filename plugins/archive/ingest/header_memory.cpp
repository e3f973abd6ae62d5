#include "ingest/header_memory.hpp"

#include <algorithm>
#include <string>
#include <utility>

#include "refusal.hpp"

namespace fermata::archive {
namespace {

constexpr uint64_t kForms = 2;
constexpr uint64_t kMiB = 1 << 20;
constexpr auto kWarningInterval = std::chrono::minutes(1);

}  // namespace

HeaderMemory::HeaderMemory(uint64_t bytes, uint64_t largest_header, Journal journal)
    : journal_(std::move(journal)), bytes_(std::max(bytes, kForms * largest_header)) {}

void HeaderMemory::Share::grow_to(uint64_t header) {
  const auto bytes = kForms * header;
  if (bytes <= held_) return;
  if (!memory_.take(bytes - held_)) {
    memory_.warn();
    no_memory("too many large headers at a time: send it again later", "headers");
  }
  held_ = bytes;
}

void HeaderMemory::Share::give_back() { memory_.taken_ -= std::exchange(held_, 0); }

bool HeaderMemory::take(uint64_t bytes) {
  auto taken = taken_.load();
  do {
    if (bytes > bytes_ - taken) return false;
  } while (!taken_.compare_exchange_weak(taken, taken + bytes));
  return true;
}

void HeaderMemory::warn() {
  {
    const auto now = Clock::now();
    const std::lock_guard lock(mutex_);
    if (warned_ && now - *warned_ < kWarningInterval) return;
    warned_ = now;
  }
  journal_.log(LogLevel::warning,
               "objects are refused for the moment: the headers of those that are coming in take all the memory that "
               "`maximum_headers` allows; raise it if there is more, or see who sends such headers",
               {{"maximum_headers", std::to_string(bytes_ / kMiB) + "MiB"}});
}

}  // namespace fermata::archive
