#include "running/counters.hpp"

#include <mutex>

namespace fermata::host {

void Counters::add(std::string_view name, uint64_t increment) {
  {
    const std::shared_lock lock(mutex_);
    if (const auto found = counters_.find(name); found != counters_.end()) {
      found->second.fetch_add(increment, std::memory_order_relaxed);
      return;
    }
  }
  const std::unique_lock lock(mutex_);
  counters_[std::string(name)].fetch_add(increment, std::memory_order_relaxed);
}

std::vector<std::pair<std::string, uint64_t>> Counters::snapshot() const {
  const std::shared_lock lock(mutex_);
  std::vector<std::pair<std::string, uint64_t>> out;
  out.reserve(counters_.size());
  for (const auto& [name, value] : counters_) out.emplace_back(name, value.load(std::memory_order_relaxed));
  return out;
}

}  // namespace fermata::host
