#include "frame_transcoding.hpp"

#include "fermata/dicom/transfer_syntax.hpp"
#include "fermata/error.hpp"
#include "frame_codecs.hpp"

namespace fermata::codecs {

FrameTranscoding::FrameTranscoding(std::unique_ptr<ObjectFrames> frames, std::string_view stored)
    : frames_(std::move(frames)), stored_(stored) {}

std::span<const std::byte> FrameTranscoding::frame(uint64_t number, std::string_view uid) {
  if (dicom::uncompressed_encoding(uid)) return frames_->native(number);
  if (is_kind_of(stored_, uid)) return frames_->stored(number);
  const auto* encoder = frame_encoder(uid);
  if (encoder == nullptr)
    throw Error(Code::unsupported, "nothing here compresses to transfer syntax " + std::string(uid));
  const auto& description = frames_->pixel_description();
  encoder->encoded(description);
  const auto pixels = frames_->pixels(number, encoder->working_memory(description));
  encoded_ = encoder->encode(pixels, description);
  return encoded_;
}

}  // namespace fermata::codecs
