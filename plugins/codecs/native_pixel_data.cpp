#include "native_pixel_data.hpp"

#include <algorithm>

#include "fermata/error.hpp"

namespace fermata::codecs {

NativePixelData::NativePixelData(std::shared_ptr<ObjectFrames> frames)
    : frames_(std::move(frames)), frame_bits_(frames_->native_description().frame_bits()) {
  constexpr uint64_t kLongestValue = 0xfffffffe;
  if (frames_->count() > kLongestValue * 8 / frame_bits_)
    throw Error(Code::unsupported,
                "uncompressed, the pixel data would be longer than 4 GiB, the longest value there is");
  bytes_ = (frames_->count() * frame_bits_ + 7) / 8;
  length_ = (bytes_ + 1) / 2 * 2;
}

uint64_t NativePixelData::read_at(uint64_t offset, std::span<std::byte> into) {
  const std::lock_guard lock(mutex_);
  std::size_t done = 0;
  while (done < into.size() && offset + done < length_) done += read_some(offset + done, into.subspan(done));
  return done;
}

/// The bytes that one frame has to give.
std::size_t NativePixelData::read_some(uint64_t offset, std::span<std::byte> into) {
  if (offset >= bytes_) {
    into[0] = std::byte{0};
    return 1;
  }
  const uint64_t number = offset * 8 / frame_bits_ + 1;
  const uint64_t begin = (number - 1) * frame_bits_;
  const unsigned shift = begin % 8;
  const auto frame = frames_->native(number);
  if (shift == 0 && (offset - begin / 8 + 1) * 8 <= frame_bits_) {
    const auto at = static_cast<std::size_t>(offset - begin / 8);
    const auto count = std::min<std::size_t>(into.size(), static_cast<std::size_t>(frame_bits_ / 8) - at);
    std::copy_n(frame.begin() + static_cast<std::ptrdiff_t>(at), count, into.begin());
    return count;
  }
  // Bits of this frame, and of those that follow in the same byte.
  unsigned value = 0;
  for (unsigned bit = 0; bit < 8; ++bit) {
    const uint64_t at = offset * 8 + bit;
    const uint64_t n = at / frame_bits_ + 1;
    if (n > frames_->count()) break;
    const uint64_t inside = at - (n - 1) * frame_bits_;
    const auto byte = std::to_integer<unsigned>(frames_->native(n)[static_cast<std::size_t>(inside / 8)]);
    value |= (byte >> inside % 8 & 1) << bit;
  }
  into[0] = std::byte(value);
  return 1;
}

}  // namespace fermata::codecs
