#pragma once
#include <cstdint>
#include <map>
#include <string>

namespace fermata::jobs {

/// Whose turn it is: the kind of which the fewest jobs run, and of those the one that has waited longest for its turn.
/// So a kind with hundreds of jobs does not keep another one waiting. **Thread**: one at a time.
class Turns {
 public:
  void begin(const std::string& kind);
  void end(const std::string& kind);
  bool before(const std::string& a, const std::string& b) const;

 private:
  struct Kind {
    uint64_t running = 0;
    uint64_t last_turn = 0;
  };
  Kind of(const std::string& kind) const;

  std::map<std::string, Kind> kinds_;
  uint64_t turn_ = 0;
};

}  // namespace fermata::jobs
