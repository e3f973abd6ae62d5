#pragma once
#include <cstddef>
#include <cstdint>
#include <string>
#include <unordered_map>

#include "recorded_event.hpp"

namespace fermata::audit_trail {

/// Tells which reads are the same as one before: of one user at one address in one study, within five minutes. A viewer
/// asks for a study hundreds of times while somebody looks at it.
///
/// **Thread**: one at a time. Holds what was read within that time, and at most some ten thousands.
class RepeatedReads {
 public:
  /// Notes it, too. Always false for what is no read.
  bool is_repeated(const RecordedEvent& event);

 private:
  void forget_before(int64_t us);

  std::unordered_map<std::string, int64_t> seen_;
  int64_t cleaned_us_ = 0;
};

}  // namespace fermata::audit_trail
