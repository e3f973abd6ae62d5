#pragma once
#include <cstdint>
#include <string>

#include "fermata/dicom/data_set_view.hpp"

namespace fermata::codecs {

/// How the pixels of a frame are laid out (PS3.3 C.7.6.3, C.7.6.24, C.7.6.25; PS3.5 8.1.1).
///
/// **Thread**: a value. **Errors**: `of` throws Error invalid (no image is described), unsupported (more than four
/// samples a pixel, or cells beyond 64 bits). What contradicts itself about bits is brought to something possible.
struct PixelDescription {
  enum class Values : uint8_t { integer, float32, float64 };

  Values values = Values::integer;
  uint32_t rows = 0;
  uint32_t columns = 0;
  uint32_t samples = 1;         ///< per pixel: 1 to 4
  uint32_t bits_allocated = 8;  ///< 1, 8, 16, 32, 64, or what old objects have: up to 64
  uint32_t bits_stored = 8;     ///< 1 to `bits_allocated`
  uint32_t high_bit = 7;
  bool is_signed = false;
  bool planar = false;  ///< all of the first sample, then all of the second (Planar Configuration 1)
  std::string photometric_interpretation;
  uint64_t frames = 1;

  /// `pixel_data`: Pixel Data, Float Pixel Data or Double Float Pixel Data.
  static PixelDescription of(dicom::DataSetView header, dicom::Tag pixel_data);

  /// YBR_FULL_422: two pixels share their Cb and Cr (PS3.3 C.7.6.3.1.2), in native pixel data.
  bool shares_chrominance() const { return samples == 3 && photometric_interpretation.ends_with("_422"); }
  uint64_t pixels() const { return uint64_t{rows} * columns; }
  /// Of one native frame: not always whole bytes where a pixel is one bit.
  uint64_t frame_bits() const { return pixels() * (shares_chrominance() ? 2 : samples) * bits_allocated; }
  uint64_t frame_bytes() const { return (frame_bits() + 7) / 8; }
};

inline constexpr dicom::Tag kFloatPixelData{0x7fe0, 0x0008};
inline constexpr dicom::Tag kDoubleFloatPixelData{0x7fe0, 0x0009};
inline constexpr bool is_pixel_data(dicom::Tag tag) {
  return tag == dicom::kPixelData || tag == kFloatPixelData || tag == kDoubleFloatPixelData;
}

}  // namespace fermata::codecs
