#pragma once
#include "frame_codec.hpp"

namespace fermata::codecs {

/// JPEG 2000 (ISO/IEC 15444-1) and High-Throughput JPEG 2000 (15444-15) as OpenJPEG decodes them; of Part 2, what it
/// knows. OpenJPH would decode the second kind faster, but ends the process over some damaged frames.
///
/// Codestreams that are cut short are damaged, not blurred: a partly decoded frame never comes out.
class Jpeg2000Decoder final : public FrameDecoder {
 public:
  PixelDescription decoded(PixelDescription stored) const override;
  void decode(std::span<const std::byte> stream, const PixelDescription& stored,
              std::span<std::byte> into) const override;
  uint64_t working_memory(const PixelDescription& stored) const override;
  bool begins(std::span<const std::byte> bytes) const override;
};

/// Reversible: 5-3 wavelet, colours by RCT. Samples have as many bits as are stored; where pixel cells hold something
/// beside these, there is no lossless way.
class Jpeg2000Encoder final : public FrameEncoder {
 public:
  PixelDescription encoded(PixelDescription pixels) const override;
  std::vector<std::byte> encode(std::span<const std::byte> frame, const PixelDescription& pixels) const override;
  uint64_t working_memory(const PixelDescription& pixels) const override;
};

/// What both kinds of JPEG 2000 (PS3.5 8.2.4, 8.2.14) ask of pixels, and what becomes of their description.
PixelDescription reversibly_encoded(PixelDescription pixels, uint32_t most_bits);
/// Error unsupported where cells hold more than values.
void check_values_only(std::span<const std::byte> frame, const PixelDescription& pixels);
/// As many as it takes for a smallest resolution of at most 64 rows or columns (PS3.5 10.18), and usually 5.
uint32_t decomposition_levels(const PixelDescription& pixels);

}  // namespace fermata::codecs
