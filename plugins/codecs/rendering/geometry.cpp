#include "rendering/geometry.hpp"

#include <algorithm>
#include <cmath>
#include <optional>

#include "fermata/error.hpp"
#include "rendering/attributes.hpp"

namespace fermata::codecs::rendering {
namespace {

constexpr double kSquareEnough = 1e-3;
constexpr double kLongestPixel = 32;

/// `length` 0: up to the edge; negative: mirrored.
Axis part(double start, double length, uint32_t extent) {
  if (!std::isfinite(start) || !std::isfinite(length))
    throw Error(Code::invalid, "the source region needs numbers for its place and size");
  const double end = length == 0 ? extent : std::min<double>(extent, start + std::abs(length));
  Axis axis;
  axis.start = std::max(0.0, start);
  axis.length = end - axis.start;
  axis.mirrored = length < 0;
  if (!(axis.length > 0)) throw Error(Code::invalid, "the source region lies outside of the frame");
  return axis;
}

uint32_t whole(double pixels) { return static_cast<uint32_t>(std::max(1.0, std::round(pixels))); }

double side(uint32_t viewport) { return viewport == 0 ? kLargestScaledSide : std::min(viewport, kLargestScaledSide); }

std::optional<double> ratio(dicom::DataSetView data_set, dicom::Tag tag) {
  const auto vertical = decimal(data_set, tag, 0);
  const auto horizontal = decimal(data_set, tag, 1);
  if (!vertical || !horizontal || *vertical <= 0 || *horizontal <= 0) return {};
  return *vertical / *horizontal;
}

}  // namespace

Geometry geometry(uint32_t columns, uint32_t rows, double aspect_ratio, const Rendering& rendering) {
  Geometry g{part(rendering.source_x, rendering.source_width, columns),
             part(rendering.source_y, rendering.source_height, rows)};
  const double width = g.horizontal.length * std::max(1.0, 1 / aspect_ratio);
  const double height = g.vertical.length * std::max(1.0, aspect_ratio);
  double scale = 1;
  if (rendering.viewport_width != 0 || rendering.viewport_height != 0)
    scale = std::min(side(rendering.viewport_width) / width, side(rendering.viewport_height) / height);
  else if (aspect_ratio != 1)
    scale = std::min({1.0, std::max<double>(kLargestScaledSide, g.horizontal.length) / width,
                      std::max<double>(kLargestScaledSide, g.vertical.length) / height});
  g.horizontal.target = whole(width * scale);
  g.vertical.target = whole(height * scale);
  return g;
}

double aspect_ratio(const FrameAttributes& attributes) {
  auto known = ratio(attributes.macro(kPixelMeasuresSequence), kPixelSpacing);
  for (const auto tag : {kImagerPixelSpacing, kNominalScannedPixelSpacing, kPixelAspectRatio})
    if (!known) known = ratio(attributes.object(), tag);
  if (!known || *known > kLongestPixel || *known < 1 / kLongestPixel || std::abs(*known - 1) < kSquareEnough) return 1;
  return *known;
}

}  // namespace fermata::codecs::rendering
