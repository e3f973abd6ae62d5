#include "configuration/problems.hpp"

#include <algorithm>
#include <tuple>
#include <utility>

namespace fermata::host {

void Problems::add(Location location, std::string message) {
  list_.push_back({std::move(location), std::move(message)});
}

void Problems::relocate(std::size_t first, const Location& location) {
  for (std::size_t i = first; i < list_.size(); ++i)
    if (list_[i].location.line == 0) list_[i].location = location;
}

std::string Problems::text() const {
  auto sorted = list_;
  std::stable_sort(sorted.begin(), sorted.end(), [](const Problem& a, const Problem& b) {
    return std::tie(a.location.line, a.location.column) < std::tie(b.location.line, b.location.column);
  });
  std::string out;
  for (const auto& [location, message] : sorted) {
    out += location.name;
    if (location.line > 0) out += ":" + std::to_string(location.line) + ":" + std::to_string(location.column);
    out += ": " + message + "\n";
  }
  return out;
}

}  // namespace fermata::host
