#pragma once
#include <cstddef>
#include <span>

namespace fermata::codecs {

/// Bytes that come one after the other, once. **Thread**: one at a time.
class ByteSource {
 public:
  virtual ~ByteSource() = default;
  /// Fills `into` and returns how much came; fewer than there is room for only at the end.
  virtual std::size_t read(std::span<std::byte> into) = 0;
};

}  // namespace fermata::codecs
