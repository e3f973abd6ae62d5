#pragma once
#include "frame_codec.hpp"

namespace fermata::codecs {

/// RLE (PS3.5 G). Not DCMTK's, which reads past the end of damaged frames.
class RleDecoder final : public FrameDecoder {
 public:
  PixelDescription decoded(PixelDescription stored) const override;
  void decode(std::span<const std::byte> stream, const PixelDescription& stored,
              std::span<std::byte> into) const override;
  uint64_t working_memory(const PixelDescription&) const override { return 0; }
  bool begins(std::span<const std::byte> bytes) const override;
};

}  // namespace fermata::codecs
