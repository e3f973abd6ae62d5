#pragma once
#include <memory>
#include <string>
#include <vector>

#include "fermata/transcoder.hpp"
#include "object_frames.hpp"

namespace fermata::codecs {

/// Gives the frames of an object one by one, in whatever transfer syntax they are asked for.
class FrameTranscoding final : public FrameReader {
 public:
  /// `stored`: the object's transfer syntax.
  FrameTranscoding(std::unique_ptr<ObjectFrames> frames, std::string_view stored);
  uint64_t count() override { return frames_->count(); }
  std::span<const std::byte> frame(uint64_t number, std::string_view transfer_syntax_uid) override;

 private:
  std::unique_ptr<ObjectFrames> frames_;
  const std::string stored_;
  std::vector<std::byte> encoded_;
};

}  // namespace fermata::codecs
