#include "native_frames.hpp"

#include <algorithm>
#include <string>
#include <vector>

#include "byte_order.hpp"
#include "fermata/error.hpp"

namespace fermata::codecs {

NativeFrames::NativeFrames(ObjectReader& object, uint64_t offset, uint64_t length, const PixelDescription& description,
                           unsigned word)
    : object_(object),
      offset_(offset),
      length_(length),
      frames_(description.frames),
      frame_bits_(description.frame_bits()),
      word_(word) {}

uint64_t NativeFrames::length(uint64_t number) {
  if (number == 0 || number > frames_)
    throw Error(Code::not_found, "the object has no frame " + std::to_string(number));
  const bool there = number <= length_ * 8 / frame_bits_;
  if (!there) throw Error(Code::corrupt, "the pixel data ends before frame " + std::to_string(number));
  return (frame_bits_ + 7) / 8;
}

void NativeFrames::read(uint64_t number, std::span<std::byte> into) {
  length(number);
  const uint64_t bit = (number - 1) * frame_bits_;
  const unsigned shift = bit % 8;
  if (shift == 0) {
    read_bytes(bit / 8, into);
  } else {
    std::vector<std::byte> bytes(static_cast<std::size_t>((shift + frame_bits_ + 7) / 8));
    read_bytes(bit / 8, bytes);
    bytes.push_back({});
    for (std::size_t i = 0; i < into.size(); ++i) into[i] = bytes[i] >> shift | bytes[i + 1] << (8 - shift);
  }
  if (const unsigned used = frame_bits_ % 8; used != 0) into.back() &= std::byte((1u << used) - 1);
}

void NativeFrames::read_bytes(uint64_t begin, std::span<std::byte> into) {
  const auto read = [&](uint64_t at, std::span<std::byte> to) {
    if (object_.read_at(offset_ + at, to) < to.size()) throw Error(Code::corrupt, "the object is cut short");
  };
  if (word_ == 1) return read(begin, into);
  const uint64_t first = begin / word_ * word_;
  const uint64_t end = std::min(length_, (begin + into.size() + word_ - 1) / word_ * word_);
  std::vector<std::byte> words(static_cast<std::size_t>(end - first));
  read(first, words);
  reverse_words(words, word_);
  std::copy_n(words.begin() + static_cast<std::ptrdiff_t>(begin - first), into.size(), into.begin());
}

}  // namespace fermata::codecs
