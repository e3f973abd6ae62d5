#include "decoded_frames.hpp"

#include "object_frames.hpp"
#include "pixel_data.hpp"

namespace fermata::codecs {

DecodedFrames::DecodedFrames(const InstanceRecord& record, std::unique_ptr<ObjectReader> object, Memory& memory)
    : frames_(open_frames(record, std::move(object), memory)) {
  frames_->pixel_description();
}

DecodedFrames::~DecodedFrames() = default;

const PixelDescription& DecodedFrames::description() const { return frames_->pixel_description(); }

std::span<const std::byte> DecodedFrames::frame(uint64_t number) { return frames_->pixels(number); }

}  // namespace fermata::codecs
