#pragma once
#include <memory>
#include <vector>

#include "byte_source.hpp"
#include "composed_object.hpp"
#include "frame_codec.hpp"
#include "object_frames.hpp"

namespace fermata::codecs {

/// A whole object with encapsulated pixel data, made as it is read: what comes before the frames, each frame in a
/// fragment of its own behind an empty Basic Offset Table (PS3.5 A.4), what comes after.
/// **Errors**: those of its parts.
class Encapsulation final : public ByteSource {
 public:
  /// `before` ends with the header of the pixel data. `encoder`: null for frames that stay as they are stored.
  Encapsulation(std::unique_ptr<ObjectReader> before, std::shared_ptr<ObjectFrames> frames, const FrameEncoder* encoder,
                std::unique_ptr<ObjectReader> after);
  std::size_t read(std::span<std::byte> into) override;

 private:
  bool next_piece();
  void item(std::span<const std::byte> bytes);

  std::unique_ptr<ObjectReader> before_;
  std::shared_ptr<ObjectFrames> frames_;
  const FrameEncoder* encoder_;
  std::unique_ptr<ObjectReader> after_;

  enum class Stage : uint8_t { before, frames, after, end } stage_ = Stage::before;
  uint64_t position_ = 0;  ///< in `before_` or `after_`
  uint64_t frame_ = 0;     ///< the last one that was made
  std::vector<std::byte> piece_;
  std::size_t taken_ = 0;  ///< of `piece_`
};

}  // namespace fermata::codecs
