#include "rendering/voi.hpp"

#include "fermata/error.hpp"
#include "rendering/attributes.hpp"

namespace fermata::codecs::rendering {
namespace {

using Function = fermata::Rendering::Voi;

Window applicable(Window window) {
  if (window.function == Function::linear && window.width < 1) window.function = Function::linear_exact;
  return window;
}

Function function_of(dicom::DataSetView data_set) {
  const auto name = data_set.text(kVoiLutFunction);
  if (name == "SIGMOID") return Function::sigmoid;
  return name == "LINEAR_EXACT" ? Function::linear_exact : Function::linear;
}

}  // namespace

std::optional<Window> asked_window(const fermata::Rendering& rendering) {
  if (!rendering.has_window) return {};
  if (!std::isfinite(rendering.window_center) || !std::isfinite(rendering.window_width) || rendering.window_width <= 0)
    throw Error(Code::invalid, "a window needs a center and a width greater than 0");
  return applicable({rendering.voi, rendering.window_center, rendering.window_width});
}

std::optional<Voi> voi(const FrameAttributes& attributes, const ValueRange& range) {
  const auto data_set = attributes.macro(kFrameVoiLutSequence);
  if (const auto item = first_item(data_set, kVoiLutSequence))
    if (auto table = lookup_table(*item, range.smallest < 0)) return Voi(*std::move(table));
  const auto center = decimal(data_set, kWindowCenter);
  const auto width = decimal(data_set, kWindowWidth);
  if (!center || !width || *width <= 0) return {};
  return Voi(applicable({function_of(data_set), *center, *width}));
}

Window window_over(const ValueRange& range) {
  const double width = range.largest - range.smallest;
  // Where all values are one, that one is black.
  if (!(width > 0)) return {Function::linear_exact, range.smallest + 0.5, 1};
  return {Function::linear_exact, range.smallest + width / 2, width};
}

}  // namespace fermata::codecs::rendering
