#pragma once
#include <cstdint>

#include "fermata/frame_renderer.hpp"
#include "rendering/frame_attributes.hpp"

namespace fermata::codecs::rendering {

/// One direction of a picture: which part of the frame is shown on how many pixels.
struct Axis {
  double start = 0;  ///< in pixels of the frame
  double length = 0;
  uint32_t target = 1;
  bool mirrored = false;
};

struct Geometry {
  Axis horizontal;
  Axis vertical;
};

/// No side of a picture is scaled to more pixels than this; a frame that has more can be shown as it is.
inline constexpr uint32_t kLargestScaledSide = 8192;

/// Source region and size of a picture (PS3.18 8.3.5.1.3).
///
/// The region is cut at the frame's edges. Within the viewport the picture is as large as it can be with its aspect
/// ratio; where one side of the viewport is 0, the other decides. Without viewport pixels stay as they are, unless
/// they are no squares: then the picture is stretched in the direction in which they are longer.
/// `aspect_ratio`: a pixel's height by its width. **Errors**: invalid (a region that is no part of the frame).
Geometry geometry(uint32_t columns, uint32_t rows, double aspect_ratio, const Rendering& rendering);

/// A pixel's height by its width: by Pixel Spacing, Imager Pixel Spacing, Nominal Scanned Pixel Spacing or Pixel Aspect
/// Ratio, the first that the frame has (PS3.3 10.7, C.7.6.3.1.7); 1 where it is not known or incredible.
double aspect_ratio(const FrameAttributes& attributes);

}  // namespace fermata::codecs::rendering
