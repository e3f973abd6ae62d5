#include "turns.hpp"

#include <tuple>

namespace fermata::jobs {

void Turns::begin(const std::string& kind) {
  auto& entry = kinds_[kind];
  ++entry.running;
  entry.last_turn = ++turn_;
}

void Turns::end(const std::string& kind) { --kinds_[kind].running; }

Turns::Kind Turns::of(const std::string& kind) const {
  const auto found = kinds_.find(kind);
  return found == kinds_.end() ? Kind{} : found->second;
}

bool Turns::before(const std::string& a, const std::string& b) const {
  const auto x = of(a);
  const auto y = of(b);
  return std::tie(x.running, x.last_turn) < std::tie(y.running, y.last_turn);
}

}  // namespace fermata::jobs
