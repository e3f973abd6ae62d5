#pragma once
#include "frame_codec.hpp"

namespace fermata::codecs {

/// High-Throughput JPEG 2000 (ISO/IEC 15444-15) through OpenJPH. Reversible, in the order that "HTJ2K Lossless RPCL"
/// asks for and with its tile-part lengths: right for all three transfer syntaxes (PS3.5 10.18). Every frame is
/// decoded again and compared before it goes out.
class Htj2kEncoder final : public FrameEncoder {
 public:
  PixelDescription encoded(PixelDescription pixels) const override;
  std::vector<std::byte> encode(std::span<const std::byte> frame, const PixelDescription& pixels) const override;
  uint64_t working_memory(const PixelDescription& pixels) const override;
};

}  // namespace fermata::codecs
