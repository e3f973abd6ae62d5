#pragma once
#include <memory>

#include "frame_codec.hpp"

class DcmCodec;
class DcmCodecParameter;
class DcmRepresentationParameter;

namespace fermata::codecs {

/// What the bit streams of a transfer syntax look like to those who read their headers.
enum class DcmtkStream { jpeg, lossy_jpeg, jpeg_ls };

/// JPEG and JPEG-LS as DCMTK decodes them, frame by frame. DCMTK's registry of codecs is not used, so that what
/// this process decodes does not depend on what else has registered something.
///
/// Lossy JPEG in YCbCr becomes RGB; nothing else is converted (PS3.5 8.2.1, 8.2.3).
class DcmtkDecoder final : public FrameDecoder {
 public:
  DcmtkDecoder(DcmtkStream stream, std::unique_ptr<DcmCodec> codec, std::unique_ptr<DcmCodecParameter> parameter);
  ~DcmtkDecoder() override;
  PixelDescription decoded(PixelDescription stored) const override;
  void decode(std::span<const std::byte> stream, const PixelDescription& stored,
              std::span<std::byte> into) const override;
  uint64_t working_memory(const PixelDescription& stored) const override;
  bool begins(std::span<const std::byte> bytes) const override;

 private:
  DcmtkStream stream_;
  std::unique_ptr<DcmCodec> codec_;
  std::unique_ptr<DcmCodecParameter> parameter_;
};

/// Lossless JPEG, JPEG-LS and RLE. Every bit of a pixel cell is kept.
class DcmtkEncoder final : public FrameEncoder {
 public:
  DcmtkEncoder(std::unique_ptr<DcmCodec> codec, std::unique_ptr<DcmCodecParameter> parameter,
               std::unique_ptr<DcmRepresentationParameter> representation, uint32_t most_bits);
  ~DcmtkEncoder() override;
  PixelDescription encoded(PixelDescription pixels) const override;
  std::vector<std::byte> encode(std::span<const std::byte> frame, const PixelDescription& pixels) const override;
  uint64_t working_memory(const PixelDescription& pixels) const override;

 private:
  std::unique_ptr<DcmCodec> codec_;
  std::unique_ptr<DcmCodecParameter> parameter_;
  std::unique_ptr<DcmRepresentationParameter> representation_;
  uint32_t most_bits_;
};

}  // namespace fermata::codecs
