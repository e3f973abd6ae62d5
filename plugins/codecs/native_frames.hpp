#pragma once
#include "fermata/archive.hpp"
#include "frame_store.hpp"
#include "pixel_description.hpp"

namespace fermata::codecs {

/// Frames of native pixel data, little endian (PS3.5 8.1.1): they follow each other bit by bit, so that a frame of
/// single bits may begin within a byte; it comes out beginning at the lowest bit of its first.
/// **Ownership**: borrows the object.
class NativeFrames final : public FrameStore {
 public:
  /// `offset`, `length`: the value of the pixel data. `word`: bytes of the words that are big endian in the object; 1
  /// where it is little endian.
  NativeFrames(ObjectReader& object, uint64_t offset, uint64_t length, const PixelDescription& description,
               unsigned word);
  uint64_t length(uint64_t number) override;
  void read(uint64_t number, std::span<std::byte> into) override;

 private:
  void read_bytes(uint64_t begin, std::span<std::byte> into);

  ObjectReader& object_;
  uint64_t offset_;
  uint64_t length_;
  uint64_t frames_;
  uint64_t frame_bits_;
  unsigned word_;
};

}  // namespace fermata::codecs
