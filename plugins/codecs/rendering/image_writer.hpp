#pragma once
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string_view>

#include "fermata/frame_renderer.hpp"

namespace fermata::codecs::rendering {

/// What a picture is before its first line.
struct PictureForm {
  uint32_t width = 0;
  uint32_t height = 0;
  unsigned channels = 1;                   ///< 1: grey, 3: RGB
  uint32_t quality = 0;                    ///< 1 to 100, of JPEG; 0: kDefaultQuality
  std::span<const std::byte> icc_profile;  ///< of RGB; borrowed until the writer is made
};

inline constexpr uint32_t kDefaultQuality = 90;

/// Encodes a picture line by line. **Thread**: one at a time. **Errors**: out_of_memory, internal (the library fails).
class ImageWriter {
 public:
  virtual ~ImageWriter() = default;
  /// The next line, of 8 bits a channel.
  virtual void line(std::span<const uint8_t> pixels) = 0;
  /// After the last line.
  virtual std::unique_ptr<RenderedFrame> finish() = 0;
};

/// Error unsupported: a side is longer than 65500 pixels, the most that a JPEG has. Colours keep their full resolution
/// from quality 90 on.
std::unique_ptr<ImageWriter> jpeg_writer(const PictureForm& form);
std::unique_ptr<ImageWriter> png_writer(const PictureForm& form);

/// How pictures of a media type are written: image/jpeg or image/png. Error unsupported: another.
using MakeWriter = std::unique_ptr<ImageWriter> (*)(const PictureForm& form);
MakeWriter writer_for(std::string_view media_type);

}  // namespace fermata::codecs::rendering
