#include "retention.hpp"

#include <set>

#include "backup_name.hpp"

namespace fermata::backup {
namespace {

constexpr int64_t kDay = int64_t{24} * 3600 * 1'000'000;
constexpr int64_t kThursday = 3;  // 1970-01-01: with this, weeks begin on Mondays

/// Adds the latest backup of each of the last `count` periods; `period` says in which a backup is.
template <class Period>
void keep(const std::vector<std::string>& names, unsigned count, Period period, std::set<std::string>& kept) {
  std::set<decltype(period(names.front()))> seen;
  for (auto name = names.rbegin(); name != names.rend() && seen.size() < count; ++name)
    if (seen.insert(period(*name)).second) kept.insert(*name);
}

}  // namespace

std::vector<std::string> superfluous(const std::vector<std::string>& names, const Retention& retention) {
  if (names.empty() || !retention.any()) return {};
  std::set<std::string> kept{names.back()};
  keep(
      names, retention.last, [](const std::string& name) { return name; }, kept);
  keep(
      names, retention.daily, [](const std::string& name) { return name.substr(0, 10); }, kept);
  keep(
      names, retention.weekly, [](const std::string& name) { return (*moment_of(name) / kDay + kThursday) / 7; }, kept);
  keep(
      names, retention.monthly, [](const std::string& name) { return name.substr(0, 7); }, kept);
  std::vector<std::string> gone;
  for (const auto& name : names)
    if (kept.count(name) == 0) gone.push_back(name);
  return gone;
}

}  // namespace fermata::backup
