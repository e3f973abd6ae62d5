#pragma once
#include <chrono>
#include <cstdint>
#include <functional>
#include <vector>

#include "fermata/archive.hpp"
#include "fermata/journal.hpp"
#include "transaction.hpp"

namespace fermata::storage_commitment {

/// Finds out whether the archive can answer for an instance: it is there, of the SOP Class that is claimed, and its
/// bytes are those that were received, by their checksum.
///
/// *Used by* Commitments, on its own thread. **Thread**: one at a time.
class Verifier {
 public:
  /// Sleeps; false: the program stops.
  using Pause = std::function<bool(std::chrono::nanoseconds)>;

  /// `maximum_rate`: bytes a second; 0 is no limit.
  Verifier(Archive& archive, const Journal& journal, uint64_t maximum_rate, Pause pause);

  /// The Failure Reason, kCommitted, or kUnchecked if it was interrupted.
  uint16_t verify(const Reference& reference);

 private:
  enum class Bytes { sound, damaged, interrupted };
  uint16_t check(const InstanceRecord& record);
  Bytes read(const InstanceRecord& record, ObjectReader& object);
  bool keep_rate(std::size_t bytes);

  Archive& archive_;
  const Journal& journal_;
  const uint64_t maximum_rate_;
  const Pause pause_;
  std::vector<std::byte> buffer_;
};

}  // namespace fermata::storage_commitment
