#include "rendering/colour_space.hpp"

#include <algorithm>
#include <cstddef>

namespace fermata::codecs::rendering {
namespace {

constexpr int kOne = 1 << 16;
constexpr int fixed(double v) { return static_cast<int>(v * kOne + (v < 0 ? -0.5 : 0.5)); }

uint8_t sample(int v) { return static_cast<uint8_t>(std::clamp((v + kOne / 2) >> 16, 0, 255)); }

/// The inverse of the equations of PS3.3 C.7.6.3.1.2.
struct Equations {
  int black;  ///< Y of black
  int y;
  int red_of_cr;
  int green_of_cb;
  int green_of_cr;
  int blue_of_cb;
};
constexpr Equations kFull{0, kOne, fixed(1.402), fixed(-0.344136), fixed(-0.714136), fixed(1.772)};
constexpr Equations kPartial{16,
                             fixed(255.0 / 219),
                             fixed(1.402 * 255 / 224),
                             fixed(-0.344136 * 255 / 224),
                             fixed(-0.714136 * 255 / 224),
                             fixed(1.772 * 255 / 224)};

void convert(const Equations& e, std::span<uint8_t> pixels) {
  for (std::size_t i = 0; i + 2 < pixels.size(); i += 3) {
    const int y = (pixels[i] - e.black) * e.y;
    const int cb = pixels[i + 1] - 128;
    const int cr = pixels[i + 2] - 128;
    pixels[i] = sample(y + e.red_of_cr * cr);
    pixels[i + 1] = sample(y + e.green_of_cb * cb + e.green_of_cr * cr);
    pixels[i + 2] = sample(y + e.blue_of_cb * cb);
  }
}

}  // namespace

std::optional<ColourSpace> colour_space(std::string_view photometric_interpretation) {
  if (photometric_interpretation == "RGB" || photometric_interpretation == "YBR_ICT" ||
      photometric_interpretation == "YBR_RCT")
    return ColourSpace::rgb;
  if (photometric_interpretation.starts_with("YBR_FULL")) return ColourSpace::ybr_full;
  if (photometric_interpretation.starts_with("YBR_PARTIAL")) return ColourSpace::ybr_partial;
  return {};
}

void to_rgb(ColourSpace space, std::span<uint8_t> pixels) {
  if (space != ColourSpace::rgb) convert(space == ColourSpace::ybr_full ? kFull : kPartial, pixels);
}

}  // namespace fermata::codecs::rendering
