#pragma once
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "pixel_description.hpp"

namespace fermata::codecs {

/// What a JPEG or JPEG-LS bit stream says about its image (ITU-T T.81 B.2.2, T.87 C.2.2): its frame header.
struct JpegHeader {
  uint8_t process = 0;  ///< second byte of the SOFn marker: c0 baseline, c3 lossless, f7 JPEG-LS
  uint32_t precision = 0;
  uint32_t rows = 0;
  uint32_t columns = 0;
  uint32_t components = 0;

  /// Empty where no frame header comes after whole marker segments.
  static std::optional<JpegHeader> read(std::span<const std::byte> stream);
  /// Error corrupt unless it is the image that is described.
  void check(const PixelDescription& stored) const;
};

/// What a JPEG 2000 codestream says about its image (ISO/IEC 15444-1 A.5.1): its SIZ marker segment.
struct Jpeg2000Header {
  struct Component {
    uint32_t precision = 0;
    bool is_signed = false;
    uint32_t dx = 1;  ///< one sample for so many columns
    uint32_t dy = 1;
  };
  uint32_t rows = 0;
  uint32_t columns = 0;
  uint64_t tiles = 0;
  bool offset = false;  ///< its area does not begin at 0, 0
  std::vector<Component> components;

  static std::optional<Jpeg2000Header> read(std::span<const std::byte> codestream);
  /// Error corrupt unless it is the image that is described, in a reasonable number of tiles.
  void check(const PixelDescription& stored) const;
};

/// Error corrupt for a High-Throughput codestream whose coded data looks like markers, which it never may (ISO/IEC
/// 15444-1 A.2, 15444-15): OpenJPEG 2.5.0 ends the process over that.
void check_coded_data(std::span<const std::byte> codestream);

/// The codestream itself, where somebody put a JP2 file into the object (PS3.5 A.4.4 forbids the boxes).
std::span<const std::byte> jpeg2000_codestream(std::span<const std::byte> stream);

}  // namespace fermata::codecs
