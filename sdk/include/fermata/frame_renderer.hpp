#pragma once
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string_view>

#include "fermata/archive.hpp"
#include "fermata/c/transcoder.h"

namespace fermata {

/// How a frame shall look (PS3.18 8.3.5.1). What is left out is chosen from the object: its first window, or its
/// values' range where it has none.
struct Rendering {
  enum class Voi : uint32_t {  ///< PS3.3 C.11.2.1.2 and C.11.2.1.3
    linear = FERMATA_VOI_LINEAR,
    linear_exact = FERMATA_VOI_LINEAR_EXACT,
    sigmoid = FERMATA_VOI_SIGMOID,
  };
  uint64_t frame = 1;
  std::string_view media_type = "image/jpeg";  ///< or image/png
  uint32_t quality = 0;                        ///< 1 to 100; 0: what the renderer thinks best
  bool has_window = false;
  Voi voi = Voi::linear;
  double window_center = 0;
  double window_width = 0;
  /// In pixels: the image is scaled to fit and keeps its aspect ratio, that of its pixels included. 0: as it is.
  uint32_t viewport_width = 0;
  uint32_t viewport_height = 0;
  /// The part to show, in pixels of the frame. A negative width or height mirrors; 0 means up to the edge.
  double source_x = 0;
  double source_y = 0;
  double source_width = 0;
  double source_height = 0;
};

/// An image as a browser shows it. **Ownership**: the caller's.
class RenderedFrame {
 public:
  virtual ~RenderedFrame() = default;
  virtual std::span<const std::byte> bytes() = 0;
};

/// Makes pictures of frames: modality LUT, VOI LUT or window, presentation (PS3.4 N.2), colour, size.
///
/// *Provided by* codecs; *used by* DICOMweb and pages. **Thread**: any. **Ownership**: takes the object it is given.
/// **Errors**: not_found (no such frame), unsupported (no picture can be made of it, or not in that media type),
/// invalid (the wishes contradict each other), corrupt.
class FrameRenderer {
 public:
  static constexpr const char* kId = FERMATA_FRAME_RENDERER_ID;
  virtual ~FrameRenderer() = default;
  /// `record` with its header, and the object it is about.
  virtual std::unique_ptr<RenderedFrame> render(const InstanceRecord& record, std::unique_ptr<ObjectReader> object,
                                                const Rendering& rendering) = 0;
};

}  // namespace fermata

#include "fermata/bridge/frame_renderer.hpp"  // IWYU pragma: export
