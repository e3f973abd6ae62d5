#pragma once
#include "jpeg2000_codec.hpp"

namespace fermata::codecs {

/// High-Throughput JPEG 2000 (ISO/IEC 15444-15) as OpenJPH decodes it, line by line.
class Htj2kDecoder final : public Jpeg2000Decoder {
 public:
  void decode(std::span<const std::byte> stream, const PixelDescription& stored,
              std::span<std::byte> into) const override;
  uint64_t working_memory(const PixelDescription& stored) const override;
};

/// Reversible, in the order that "HTJ2K Lossless RPCL" asks for, with its tile-part lengths: right for all three
/// transfer syntaxes (PS3.5 10.18).
class Htj2kEncoder final : public FrameEncoder {
 public:
  PixelDescription encoded(PixelDescription pixels) const override;
  std::vector<std::byte> encode(std::span<const std::byte> frame, const PixelDescription& pixels) const override;
  uint64_t working_memory(const PixelDescription& pixels) const override;
};

}  // namespace fermata::codecs
