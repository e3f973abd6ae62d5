#pragma once
#include <zlib.h>

#include <array>
#include <cstddef>
#include <functional>
#include <span>

namespace fermata::archive {

/// Undoes the compression of Deflated Explicit VR Little Endian (PS3.5 A.5, RFC 1951) as bytes arrive.
///
/// **Thread**: one at a time. **Errors**: Refused (not_understood) where the bytes are not deflated.
class Inflater {
 public:
  using Sink = std::function<void(std::span<const std::byte>)>;

  Inflater();
  ~Inflater();
  Inflater(const Inflater&) = delete;
  Inflater& operator=(const Inflater&) = delete;

  /// Hands the inflated bytes to `sink`, in pieces of at most 64 KiB.
  void feed(std::span<const std::byte> data, const Sink& sink);
  /// The compressed stream has come to its end.
  bool complete() const { return ended_; }

 private:
  z_stream stream_{};
  bool ended_ = false;
  std::size_t trailer_ = 0;
  std::array<std::byte, 64 << 10> window_;
};

}  // namespace fermata::archive
