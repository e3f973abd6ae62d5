#pragma once
#include <stdexcept>
#include <string>

#include "fermata/archive.hpp"

namespace fermata::archive {

/// Why an object can't be taken in: ends its StoreOperation, which reports it as the outcome.
///
/// The text goes to the peer: ASCII, short (an Error Comment has 64 characters, PS3.7 C), without patient data.
/// **Thread**: a value.
class Refused : public std::runtime_error {
 public:
  using Refusal = StoreOutcome::Refusal;
  Refused(Refusal refusal, const std::string& reason, const char* limit = "")
      : std::runtime_error(reason), refusal_(refusal), limit_(limit) {}
  Refusal refusal() const noexcept { return refusal_; }
  /// That it goes beyond, in the name of a counter; empty: none.
  const char* limit() const noexcept { return limit_; }

 private:
  Refusal refusal_;
  const char* limit_;
};

/// There is no memory for it just now. Callers make of this that it is to be sent again, as while the archive stops.
[[noreturn]] inline void no_memory(const std::string& reason, const char* limit) {
  throw Refused(StoreOutcome::Refusal::stopping, reason, limit);
}
[[noreturn]] inline void not_understood(const std::string& reason) {
  throw Refused(StoreOutcome::Refusal::not_understood, reason);
}
[[noreturn]] inline void too_large(const char* limit, const std::string& reason) {
  throw Refused(StoreOutcome::Refusal::too_large, reason, limit);
}

}  // namespace fermata::archive
