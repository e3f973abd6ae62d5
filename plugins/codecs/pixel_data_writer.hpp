#pragma once
#include <memory>
#include <vector>

#include "frame_codec.hpp"
#include "object_frames.hpp"

namespace fermata::codecs {

/// Writes the value of an element of pixel data, frame by frame. **Thread**: one at a time.
/// **Errors**: those of ObjectFrames and FrameEncoder.
class PixelDataWriter {
 public:
  virtual ~PixelDataWriter() = default;
  /// Appends the next part; false if there was none left.
  virtual bool next(std::vector<std::byte>& into) = 0;
};

/// Native pixel data (PS3.5 8.1.1): frames one after the other. One that does not fill its last byte shares it with the
/// next.
class NativeWriter final : public PixelDataWriter {
 public:
  explicit NativeWriter(std::shared_ptr<ObjectFrames> frames);
  /// Of the value, with the byte that makes it even. Error unsupported beyond 4 GiB.
  static uint64_t length(const PixelDescription& native);
  bool next(std::vector<std::byte>& into) override;

 private:
  void append(std::span<const std::byte> frame, std::vector<std::byte>& into);

  std::shared_ptr<ObjectFrames> frames_;
  uint64_t frame_bits_;
  uint64_t written_ = 0;  ///< frames
  unsigned carried_ = 0;  ///< bits in `carry_`
  unsigned carry_ = 0;
  bool ended_ = false;
};

/// Encapsulated pixel data (PS3.5 A.4): an empty Basic Offset Table, each frame in a fragment of its own, the
/// delimiter.
class EncapsulatedWriter final : public PixelDataWriter {
 public:
  /// `encoder`: null for frames that stay as they are stored.
  EncapsulatedWriter(std::shared_ptr<ObjectFrames> frames, const FrameEncoder* encoder)
      : frames_(std::move(frames)), encoder_(encoder) {}
  bool next(std::vector<std::byte>& into) override;

 private:
  std::shared_ptr<ObjectFrames> frames_;
  const FrameEncoder* encoder_;
  enum class Stage : uint8_t { table, frames, end } stage_ = Stage::table;
  uint64_t written_ = 0;
};

}  // namespace fermata::codecs
