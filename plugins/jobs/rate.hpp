#pragma once
#include <cstdint>

namespace fermata::jobs {

/// How many items a second a job does, smoothed over some seconds. **Thread**: one at a time.
class Rate {
 public:
  /// `done` items are done at this moment.
  void note(uint64_t done, int64_t now_us);
  /// False while there is too little to tell.
  bool known() const { return known_; }
  double per_second(int64_t now_us) const;  ///< falls while nothing is noted

 private:
  bool begun_ = false;
  bool known_ = false;
  uint64_t done_ = 0;
  int64_t at_us_ = 0;
  double per_second_ = 0;
};

}  // namespace fermata::jobs
