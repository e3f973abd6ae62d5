#pragma once
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "pixel_description.hpp"

namespace fermata::codecs {

/// Makes pixels of the bit stream of one frame. Pixels are as in native pixel data, little endian, the samples of a
/// pixel side by side.
///
/// **Thread**: any. **Errors**: corrupt (no such bit stream, or one of another image than described), unsupported.
class FrameDecoder {
 public:
  virtual ~FrameDecoder() = default;
  /// What `decode` makes of frames that their header describes as `stored`: never planar, chrominance never shared.
  virtual PixelDescription decoded(PixelDescription stored) const = 0;
  /// `into`: exactly one frame of `decoded(stored)`.
  virtual void decode(std::span<const std::byte> stream, const PixelDescription& stored,
                      std::span<std::byte> into) const = 0;
  /// What `decode` takes at the most, beside `stream` and `into`.
  virtual uint64_t working_memory(const PixelDescription& stored) const = 0;
  /// Whether a bit stream can begin with these bytes, of which there are 16 if it is so long.
  virtual bool begins(std::span<const std::byte> bytes) const = 0;
};

/// Makes the bit stream of one frame, from which a FrameDecoder gets back the same pixels.
///
/// **Thread**: any. **Errors**: unsupported (pixels that this compression has no place for).
class FrameEncoder {
 public:
  virtual ~FrameEncoder() = default;
  /// What the header has to say of the frames once they are compressed. `pixels` as a decoder makes them.
  virtual PixelDescription encoded(PixelDescription pixels) const = 0;
  virtual std::vector<std::byte> encode(std::span<const std::byte> frame, const PixelDescription& pixels) const = 0;
  /// What `encode` takes at the most, its result included.
  virtual uint64_t working_memory(const PixelDescription& pixels) const = 0;
};

}  // namespace fermata::codecs
