#pragma once
#include <cstdint>
#include <string>

#include "fermata/dicom/data_set_view.hpp"

namespace fermata::codecs {

/// How the pixels of a frame are laid out (PS3.3 C.7.6.3, C.7.6.24, C.7.6.25; PS3.5 8.1.1).
///
/// **Thread**: a value. **Errors**: `of` throws Error invalid (no pixel data is described), unsupported (something that
/// images don't have: more than four samples, cells of 7 bits).
struct PixelDescription {
  enum class Values : uint8_t { integer, float32, float64 };

  Values values = Values::integer;
  uint32_t rows = 0;
  uint32_t columns = 0;
  uint32_t samples = 1;         ///< per pixel: 1, 3 or 4
  uint32_t bits_allocated = 8;  ///< 1, 8, 16, 32 or 64
  uint32_t bits_stored = 8;     ///< 1 to `bits_allocated`
  uint32_t high_bit = 7;
  bool is_signed = false;
  bool planar = false;  ///< all of the first sample, then all of the second (Planar Configuration 1)
  std::string photometric_interpretation;
  uint64_t frames = 1;

  static PixelDescription of(dicom::DataSetView header);

  /// YBR_FULL_422: two pixels share their Cb and Cr (PS3.3 C.7.6.3.1.2), in native pixel data.
  bool shares_chrominance() const { return samples == 3 && photometric_interpretation.ends_with("_422"); }
  /// Of one native frame: not always whole bytes where a pixel is one bit.
  uint64_t frame_bits() const;
  uint64_t frame_bytes() const { return (frame_bits() + 7) / 8; }
};

}  // namespace fermata::codecs
