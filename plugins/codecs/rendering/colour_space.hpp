#pragma once
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

namespace fermata::codecs::rendering {

/// What the three samples of a pixel mean (PS3.3 C.7.6.3.1.2). YBR_ICT and YBR_RCT are RGB once decoded.
enum class ColourSpace { rgb, ybr_full, ybr_partial };

/// The colour space behind a Photometric Interpretation; none where it is no such thing.
std::optional<ColourSpace> colour_space(std::string_view photometric_interpretation);

/// Turns pixels of three samples into RGB, where they are.
void to_rgb(ColourSpace space, std::span<uint8_t> pixels);

}  // namespace fermata::codecs::rendering
