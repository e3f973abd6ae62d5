#include "pixel_data_writer.hpp"

#include <algorithm>

#include "fermata/dicom/tag.hpp"
#include "fermata/error.hpp"

namespace fermata::codecs {
namespace {

void put_item(std::vector<std::byte>& into, dicom::Tag tag, std::size_t length) {
  const auto put = [&](std::size_t value, unsigned bytes) {
    for (unsigned i = 0; i < bytes; ++i) into.push_back(static_cast<std::byte>(value >> (8 * i) & 0xff));
  };
  put(tag.group(), 2);
  put(tag.element(), 2);
  put(length, 4);
}

}  // namespace

NativeWriter::NativeWriter(std::shared_ptr<ObjectFrames> frames)
    : frames_(std::move(frames)), frame_bits_(frames_->native_description().frame_bits()) {}

uint64_t NativeWriter::length(const PixelDescription& native) {
  constexpr uint64_t kLongestValue = 0xfffffffe;
  if (native.frames > kLongestValue * 8 / native.frame_bits())
    throw Error(Code::unsupported,
                "uncompressed, the pixel data would be longer than 4 GiB, the longest value there is");
  const auto bytes = (native.frames * native.frame_bits() + 7) / 8;
  return bytes + bytes % 2;
}

bool NativeWriter::next(std::vector<std::byte>& into) {
  if (written_ < frames_->count()) {
    append(frames_->native(++written_, frame_bits_ / 8), into);
    return true;
  }
  if (ended_) return false;
  ended_ = true;
  if (carried_ != 0) into.push_back(std::byte(carry_));
  const auto bytes = (written_ * frame_bits_ + 7) / 8;
  if (bytes % 2 != 0) into.push_back(std::byte{0});
  return true;
}

void NativeWriter::append(std::span<const std::byte> frame, std::vector<std::byte>& into) {
  if (frame_bits_ % 8 == 0) {
    into.insert(into.end(), frame.begin(), frame.end());
    return;
  }
  auto bits = frame_bits_;
  for (const auto byte : frame) {
    const auto count = static_cast<unsigned>(std::min<uint64_t>(bits, 8));
    bits -= count;
    carry_ |= std::to_integer<unsigned>(byte) << carried_;
    carried_ += count;
    if (carried_ < 8) continue;
    into.push_back(std::byte(carry_ & 0xff));
    carry_ >>= 8;
    carried_ -= 8;
  }
}

bool EncapsulatedWriter::next(std::vector<std::byte>& into) {
  switch (stage_) {
    case Stage::table:
      put_item(into, dicom::kItem, 0);
      stage_ = Stage::frames;
      return true;
    case Stage::frames: {
      if (written_ == frames_->count()) {
        put_item(into, dicom::kSequenceDelimitation, 0);
        stage_ = Stage::end;
        return true;
      }
      ++written_;
      std::vector<std::byte> encoded;
      std::span<const std::byte> frame;
      if (encoder_ == nullptr) {
        frame = frames_->stored(written_);
      } else {
        const auto& description = frames_->pixel_description();
        encoded = encoder_->encode(
            frames_->pixels(written_, encoder_->working_memory(description) + description.frame_bytes()), description);
        frame = encoded;
      }
      if (frame.size() > 0xfffffffd) throw Error(Code::unsupported, "a compressed frame is longer than 4 GiB");
      put_item(into, dicom::kItem, frame.size() + frame.size() % 2);
      into.insert(into.end(), frame.begin(), frame.end());
      if (frame.size() % 2 != 0) into.push_back(std::byte{0});
      return true;
    }
    case Stage::end:
      break;
  }
  return false;
}

}  // namespace fermata::codecs
