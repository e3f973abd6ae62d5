#include "object_frames.hpp"

#include "fermata/error.hpp"
#include "pixel_rows.hpp"

namespace fermata::codecs {

ObjectFrames::ObjectFrames(std::shared_ptr<ObjectReader> object, std::unique_ptr<FrameStore> store,
                           PixelDescription stored, bool native, const FrameDecoder* decoder, Memory& memory)
    : object_(std::move(object)),
      store_(std::move(store)),
      stored_(std::move(stored)),
      is_native_(native),
      decoder_(decoder),
      share_(memory) {}

const PixelDescription& ObjectFrames::native_description() {
  if (!native_description_) {
    if (!is_native_ && decoder_ == nullptr)
      throw Error(Code::unsupported, "the pixel data is in a transfer syntax that can't be decoded here");
    native_description_ = is_native_ ? stored_ : decoder_->decoded(stored_);
  }
  return *native_description_;
}

const PixelDescription& ObjectFrames::pixel_description() {
  if (!pixel_description_) pixel_description_ = interleaved(native_description());
  return *pixel_description_;
}

ObjectFrames::Bytes ObjectFrames::stored(uint64_t number) {
  if (is_native_) return native(number);
  if (number != stored_number_) {
    make_room(store_->length(number));
    load(number, stored_bytes_);
    stored_number_ = number;
  }
  return stored_bytes_;
}

ObjectFrames::Bytes ObjectFrames::native(uint64_t number, uint64_t more) {
  const auto frame_bytes = native_description().frame_bytes();
  const uint64_t stored_length = store_->length(number);
  const uint64_t decoded = is_native_ ? 0 : frame_bytes + decoder_->working_memory(stored_);
  make_room(stored_length + decoded + more);
  if (number == native_number_) return native_bytes_;
  native_number_ = pixel_number_ = 0;
  if (is_native_) {
    load(number, native_bytes_);
  } else {
    if (number != stored_number_) {
      load(number, stored_bytes_);
      stored_number_ = number;
    }
    native_bytes_.assign(static_cast<std::size_t>(frame_bytes), std::byte{0});
    decoder_->decode(stored_bytes_, stored_, native_bytes_);
  }
  native_number_ = number;
  return native_bytes_;
}

ObjectFrames::Bytes ObjectFrames::pixels(uint64_t number, uint64_t more) {
  const auto& description = native_description();
  if (!description.planar && !description.shares_chrominance()) return native(number, more);
  const auto frame = native(number, more + pixel_description().frame_bytes());
  if (number != pixel_number_) {
    pixel_bytes_ = interleave(frame, description);
    pixel_number_ = number;
  }
  return pixel_bytes_;
}

/// Keeps what there is unless more memory is needed: then everything goes before it is waited for.
void ObjectFrames::make_room(uint64_t bytes) {
  if (bytes <= share_.bytes()) return;
  stored_number_ = native_number_ = pixel_number_ = 0;
  for (auto* buffer : {&stored_bytes_, &native_bytes_, &pixel_bytes_}) std::vector<std::byte>().swap(*buffer);
  share_.resize(bytes);
}

void ObjectFrames::load(uint64_t number, std::vector<std::byte>& into) {
  stored_number_ = 0;
  into.resize(static_cast<std::size_t>(store_->length(number)));
  store_->read(number, into);
}

}  // namespace fermata::codecs
