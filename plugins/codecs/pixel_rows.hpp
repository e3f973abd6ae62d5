#pragma once
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "pixel_description.hpp"

namespace fermata::codecs {

/// Pixel cells as numbers and back, row by row and sample by sample: what JPEG 2000 libraries work with.
///
/// Frames are little endian, the samples of a pixel side by side, cells of 1 (packed from the lowest bit), 8, 16 or 32
/// bits. **Thread**: any. **Errors**: `check_cells` throws Error unsupported for other cells.
void check_cells(const PixelDescription& description);

/// The values of one sample in a row: the stored bits, with their sign.
void read_row(std::span<const std::byte> frame, const PixelDescription& description, uint32_t row, uint32_t sample,
              std::span<int32_t> values);
/// The way back; each value for `dx` pixels. A cell takes as many bits of its value as it has.
void write_row(std::span<std::byte> frame, const PixelDescription& description, uint32_t row, uint32_t sample,
               std::span<const int32_t> values, uint32_t dx = 1);

/// Whether the bits beside the stored ones are as a value's sign says, so that the value is all there is.
bool holds_values_only(std::span<const std::byte> frame, const PixelDescription& description);

/// Copies bit `precision - 1` of each cell into those above, where the object says its values are signed: a bit stream
/// of fewer bits than a cell has does not.
void extend_sign(std::span<std::byte> frame, const PixelDescription& description, uint32_t precision);

/// Cells of 8 bits into cells of 16.
void widen(std::span<const std::byte> bytes, std::span<std::byte> words);

/// Color by plane to samples side by side, chrominance that two pixels share to each of them (PS3.3 C.7.6.3.1.2,
/// C.7.6.3.1.3). What neither is comes out as it is.
PixelDescription interleaved(PixelDescription description);
std::vector<std::byte> interleave(std::span<const std::byte> frame, const PixelDescription& description);

}  // namespace fermata::codecs
