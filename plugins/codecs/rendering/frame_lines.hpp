#pragma once
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>

#include "rendering/colour_space.hpp"
#include "rendering/grey_scale.hpp"
#include "rendering/line_source.hpp"
#include "rendering/palette.hpp"
#include "rendering/pixel_cells.hpp"
#include "rendering/stored_values.hpp"

namespace fermata::codecs::rendering {

// Pictures of decoded frames. Each borrows the frame's bytes.

std::unique_ptr<LineSource> grey_lines(uint32_t columns, uint32_t rows, const StoredValues& values,
                                       const GreyScale& grey);

/// `values` fit a table (Error unsupported if not: palettes are for up to 16 bits).
std::unique_ptr<LineSource> palette_lines(uint32_t columns, uint32_t rows, const StoredValues& values,
                                          const Palette& palette);

/// Values below the palette's first are grey, the others have their colour (PS3.3 C.7.6.19). As above for `values`.
std::unique_ptr<LineSource> grey_and_palette_lines(uint32_t columns, uint32_t rows, const StoredValues& values,
                                                   const GreyScale& grey, const Palette& palette);

/// Three samples a pixel, side by side.
std::unique_ptr<LineSource> colour_lines(uint32_t columns, uint32_t rows, std::span<const std::byte> bytes,
                                         const CellFormat& format, ColourSpace space);

}  // namespace fermata::codecs::rendering
