#include "configuration/nearest_name.hpp"

#include <algorithm>
#include <numeric>

namespace fermata::host {
namespace {

/// Levenshtein's distance, with two neighbours exchanged counted as one slip.
std::size_t distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> before_last(b.size() + 1), last(b.size() + 1), current(b.size() + 1);
  std::iota(last.begin(), last.end(), std::size_t{0});
  for (std::size_t i = 1; i <= a.size(); ++i) {
    current[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t change = last[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
      current[j] = std::min({last[j] + 1, current[j - 1] + 1, change});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
        current[j] = std::min(current[j], before_last[j - 2] + 1);
    }
    before_last.swap(last);
    last.swap(current);
  }
  return last[b.size()];
}

}  // namespace

std::optional<std::string> nearest_name(std::string_view wanted, const std::vector<std::string>& known) {
  constexpr std::size_t kLongestName = 200;  // the work grows with the square
  if (wanted.size() > kLongestName) return {};
  const std::string* best = nullptr;
  std::size_t best_distance = std::max<std::size_t>(1, wanted.size() / 3) + 1;
  for (const auto& name : known) {
    if (name.size() > kLongestName) continue;
    const std::size_t d = distance(wanted, name);
    if (d < best_distance) {
      best = &name;
      best_distance = d;
    }
  }
  if (best == nullptr) return {};
  return *best;
}

std::string hint(std::string_view wanted, const std::vector<std::string>& known) {
  if (const auto nearest = nearest_name(wanted, known)) return "; did you mean \"" + *nearest + "\"?";
  constexpr std::size_t kFew = 12;
  if (known.empty() || known.size() > kFew) return "";
  std::string list = "; possible: ";
  for (std::size_t i = 0; i < known.size(); ++i) list += (i == 0 ? "" : ", ") + known[i];
  return list;
}

}  // namespace fermata::host
