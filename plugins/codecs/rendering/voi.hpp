#pragma once
#include <cmath>
#include <cstdint>
#include <optional>
#include <utility>
#include <variant>

#include "fermata/frame_renderer.hpp"
#include "rendering/frame_attributes.hpp"
#include "rendering/lookup_table.hpp"
#include "rendering/value_range.hpp"

namespace fermata::codecs::rendering {

/// Window Center, Window Width and VOI LUT Function (PS3.3 C.11.2.1.2, C.11.2.1.3).
struct Window {
  fermata::Rendering::Voi function = fermata::Rendering::Voi::linear;
  double center = 0;
  double width = 1;  ///< greater than 0; LINEAR needs at least 1

  /// 0 (black) to 1.
  double operator()(double x) const {
    switch (function) {
      case fermata::Rendering::Voi::sigmoid:
        return 1 / (1 + std::exp(-4 * (x - center) / width));
      case fermata::Rendering::Voi::linear_exact:
        if (x <= center - width / 2) return 0;
        if (x > center + width / 2) return 1;
        return (x - center) / width + 0.5;
      case fermata::Rendering::Voi::linear:
        break;
    }
    if (x <= center - 0.5 - (width - 1) / 2) return 0;
    if (x > center - 0.5 + (width - 1) / 2) return 1;
    return (x - (center - 0.5)) / (width - 1) + 0.5;
  }
};

/// From meaningful values to brightness: a window, or an item of the VOI LUT Sequence (PS3.3 C.11.2).
///
/// **Thread**: a value.
class Voi {
 public:
  explicit Voi(const Window& window) : how_(window) {}
  explicit Voi(LookupTable table) : how_(std::move(table)) {}

  /// 0 (black) to 1.
  double operator()(double x) const {
    if (const auto* window = std::get_if<Window>(&how_)) return (*window)(x);
    const auto& table = std::get<LookupTable>(how_);
    return static_cast<double>(table.at(x)) / table.largest();
  }

 private:
  std::variant<Window, LookupTable> how_;
};

/// The window that a client asks for; none if it leaves that to the object. Error invalid: a width that is not greater
/// than 0, or what is no number. A LINEAR window narrower than 1 becomes LINEAR_EXACT, there being no such thing.
std::optional<Window> asked_window(const fermata::Rendering& rendering);

/// What the object says about the frame: the first item of its VOI LUT Sequence, else its first window; none where it
/// has none that can be applied. `range` is what inputs can be.
std::optional<Voi> voi(const FrameAttributes& attributes, const ValueRange& range);

/// The window that shows a range from black to white.
Window window_over(const ValueRange& range);

}  // namespace fermata::codecs::rendering
