#pragma once
#include <cstddef>
#include <cstdint>
#include <span>

namespace fermata::codecs {

/// Where the frames of an object are: finds each one without reading the others.
///
/// **Thread**: one at a time. **Errors**: not_found (no such frame), corrupt (not this one: others may be well).
class FrameStore {
 public:
  virtual ~FrameStore() = default;
  /// Bytes of frame `number`, counted from 1.
  virtual uint64_t length(uint64_t number) = 0;
  /// `into` is as long as `length` said.
  virtual void read(uint64_t number, std::span<std::byte> into) = 0;
};

}  // namespace fermata::codecs
