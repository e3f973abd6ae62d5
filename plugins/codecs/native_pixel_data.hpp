#pragma once
#include <memory>
#include <mutex>

#include "object_frames.hpp"

namespace fermata::codecs {

/// The value of native pixel data (PS3.5 8.1.1): frames one after the other, each decoded when it is read. A frame that
/// does not begin on a byte boundary begins where the one before ends.
/// **Thread**: any number at once.
class NativePixelData final : public ObjectReader {
 public:
  explicit NativePixelData(std::shared_ptr<ObjectFrames> frames);
  /// With the byte that makes it even.
  uint64_t length() override { return length_; }
  uint64_t read_at(uint64_t offset, std::span<std::byte> into) override;

 private:
  std::size_t read_some(uint64_t offset, std::span<std::byte> into);

  std::mutex mutex_;
  std::shared_ptr<ObjectFrames> frames_;
  uint64_t frame_bits_;
  uint64_t bytes_ = 0;  ///< without the padding
  uint64_t length_ = 0;
};

}  // namespace fermata::codecs
