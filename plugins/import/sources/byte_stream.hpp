#pragma once
#include <cstddef>
#include <span>

namespace fermata::imports {

/// The bytes of one file, wherever it lies. **Thread**: one at a time. **Errors**: io, corrupt.
class ByteStream {
 public:
  virtual ~ByteStream() = default;
  /// The next bytes, valid until the next call; none at the end.
  virtual std::span<const std::byte> read() = 0;
};

}  // namespace fermata::imports
