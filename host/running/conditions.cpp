#include "running/conditions.hpp"

#include <utility>

#include "fermata/timestamp.hpp"

namespace fermata::host {
namespace {

ConditionLevel level_of(uint32_t level) {
  return level > FERMATA_CONDITION_FAILING ? ConditionLevel::failing : static_cast<ConditionLevel>(level);
}

}  // namespace

void Conditions::set_gauge(std::string_view name, double value) {
  const std::lock_guard lock(mutex_);
  gauges_.insert_or_assign(std::string(name), value);
}

void Conditions::set(std::string_view name, uint32_t level, std::string_view text, std::string_view remedy) {
  const std::lock_guard lock(mutex_);
  const auto found = kept_.find(name);
  if (level == FERMATA_CONDITION_FINE) {
    if (found != kept_.end()) kept_.erase(found);
    return;
  }
  const auto since = found == kept_.end() ? now_us() : found->second.since_us;
  kept_.insert_or_assign(std::string(name),
                         Kept{std::string(name), level_of(level), std::string(text), std::string(remedy), since});
}

std::vector<std::pair<std::string, double>> Conditions::gauges() const {
  const std::lock_guard lock(mutex_);
  return {gauges_.begin(), gauges_.end()};
}

std::vector<Conditions::Kept> Conditions::kept() const {
  const std::lock_guard lock(mutex_);
  std::vector<Kept> all;
  all.reserve(kept_.size());
  for (const auto& [name, condition] : kept_) all.push_back(condition);
  return all;
}

}  // namespace fermata::host
