#include "retrieve/rendering_parameters.hpp"

#include <charconv>
#include <cmath>
#include <limits>
#include <optional>
#include <string>
#include <vector>

#include "fermata/dicom/data_set_view.hpp"
#include "fermata/error.hpp"
#include "retrieve/representative.hpp"

namespace fermata::dicomweb {
namespace {

constexpr uint32_t kLargestSide = 16384;
constexpr uint32_t kThumbnailSide = 256;
constexpr uint32_t kBestQuality = 100;
constexpr dicom::Tag kRows{0x0028, 0x0010};
constexpr dicom::Tag kColumns{0x0028, 0x0011};

[[noreturn]] void refuse(std::string_view parameter, const std::string& form) {
  throw Error(Code::invalid, "the query parameter " + std::string(parameter) + " has to be " + form);
}

/// The parts of a list with commas; empty ones count.
std::vector<std::string_view> parts_of(std::string_view text) {
  std::vector<std::string_view> parts;
  for (;;) {
    const auto comma = std::min(text.find(','), text.size());
    parts.push_back(text.substr(0, comma));
    if (comma == text.size()) return parts;
    text.remove_prefix(comma + 1);
  }
}

constexpr double kNone = std::numeric_limits<double>::quiet_NaN();

/// Part `index` as a number, or kNone: then no comparison with it holds.
double number(const std::vector<std::string_view>& parts, std::size_t index) {
  if (index >= parts.size()) return kNone;
  const auto text = parts[index];
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  return error == std::errc{} && end == text.data() + text.size() && std::isfinite(value) ? value : kNone;
}

void take_window(Rendering& rendering, std::string_view text) {
  constexpr auto kForm = "center,width,function, where the function is linear, linear-exact or sigmoid";
  const auto parts = parts_of(text);
  const auto function = parts.size() > 2 ? parts[2] : "linear";
  rendering.has_window = true;
  rendering.window_center = number(parts, 0);
  rendering.window_width = number(parts, 1);
  if (std::isnan(rendering.window_center + rendering.window_width) || parts.size() > 3) refuse("window", kForm);
  if (function == "linear")
    rendering.voi = Rendering::Voi::linear;
  else if (function == "linear-exact")
    rendering.voi = Rendering::Voi::linear_exact;
  else if (function == "sigmoid")
    rendering.voi = Rendering::Voi::sigmoid;
  else
    refuse("window", kForm);
  const double width = rendering.window_width;
  if (width <= 0 || (width < 1 && rendering.voi == Rendering::Voi::linear))
    refuse("window", "of a width greater than 0, and of at least 1 for the function linear");
}

bool take_sides(Rendering& rendering, const std::vector<std::string_view>& parts) {
  const auto is_side = [](double value) { return value >= 1 && value <= kLargestSide; };
  const double width = number(parts, 0);
  const double height = number(parts, 1);
  if (!is_side(width) || !is_side(height)) return false;
  rendering.viewport_width = static_cast<uint32_t>(width);
  rendering.viewport_height = static_cast<uint32_t>(height);
  return true;
}

void take_viewport(Rendering& rendering, std::string_view text) {
  const auto parts = parts_of(text);
  double* const source[] = {&rendering.source_x, &rendering.source_y, &rendering.source_width,
                            &rendering.source_height};
  bool valid = parts.size() <= 6 && take_sides(rendering, parts);
  for (std::size_t i = 2; valid && i < parts.size(); ++i) {
    *source[i - 2] = parts[i].empty() ? 0 : number(parts, i);
    valid = i > 3 ? !std::isnan(*source[i - 2]) : *source[i - 2] >= 0;
  }
  if (!valid) refuse("viewport", "vw,vh or vw,vh,sx,sy,sw,sh: numbers of pixels, up to 16384 for vw and vh");
}

/// A whole number from 1 on, or 0 where the parameter is absent.
uint32_t whole_number(const QueryParameters& parameters, std::string_view name, uint64_t largest) {
  const auto text = parameters.find(name);
  if (!text) return 0;
  uint32_t value = 0;
  const auto [end, error] = std::from_chars(text->data(), text->data() + text->size(), value);
  if (error != std::errc{} || end != text->data() + text->size() || value == 0 || value > largest)
    refuse(name, "a whole number from 1 to " + std::to_string(largest));
  return value;
}

void take_uri_window(Rendering& rendering, const QueryParameters& parameters) {
  const auto center = parameters.find("windowCenter");
  const auto width = parameters.find("windowWidth");
  if (!center && !width) return;
  rendering.has_window = true;
  rendering.window_center = number({center.value_or("")}, 0);
  rendering.window_width = number({width.value_or("")}, 0);
  if (std::isnan(rendering.window_center)) refuse("windowCenter", "a number, together with windowWidth");
  if (!(rendering.window_width >= 1)) refuse("windowWidth", "a number from 1 on, together with windowCenter");
}

/// One of both is enough: the picture keeps its aspect ratio.
void take_uri_size(Rendering& rendering, const QueryParameters& parameters) {
  const auto rows = whole_number(parameters, "rows", kLargestSide);
  const auto columns = whole_number(parameters, "columns", kLargestSide);
  if (rows == 0 && columns == 0) return;
  rendering.viewport_height = rows == 0 ? kLargestSide : rows;
  rendering.viewport_width = columns == 0 ? kLargestSide : columns;
}

/// Left, top, right and bottom, as parts of the whole.
void take_region(Rendering& rendering, std::string_view text, const InstanceRecord& record) {
  const auto parts = parts_of(text);
  const auto in_order = [](double low, double high) { return low >= 0 && low < high && high <= 1; };
  const double left = number(parts, 0), top = number(parts, 1), right = number(parts, 2), bottom = number(parts, 3);
  if (parts.size() != 4 || !in_order(left, right) || !in_order(top, bottom))
    refuse("region", "left,top,right,bottom, each from 0 to 1, the first two less than the others");
  const dicom::DataSetView header(record.header);
  const auto pixels = [&](dicom::Tag tag) {
    const auto element = header.find(tag);
    return element && element->value.size() == 2 ? double(element->number<uint16_t>()) : 0.0;
  };
  const double columns = pixels(kColumns);
  const double rows = pixels(kRows);
  rendering.source_x = left * columns;
  rendering.source_y = top * rows;
  rendering.source_width = (right - left) * columns;
  rendering.source_height = (bottom - top) * rows;
}

}  // namespace

Rendering parse_rendering(const QueryParameters& parameters) {
  Rendering rendering;
  if (const auto window = parameters.find("window")) take_window(rendering, *window);
  if (const auto viewport = parameters.find("viewport")) take_viewport(rendering, *viewport);
  rendering.quality = whole_number(parameters, "quality", kBestQuality);
  return rendering;
}

Rendering parse_uri_rendering(const QueryParameters& parameters, const InstanceRecord& record) {
  Rendering rendering;
  take_uri_window(rendering, parameters);
  take_uri_size(rendering, parameters);
  if (const auto region = parameters.find("region")) take_region(rendering, *region, record);
  rendering.quality = whole_number(parameters, "imageQuality", kBestQuality);
  const auto frame = whole_number(parameters, "frameNumber", number_of_frames(record));
  rendering.frame = frame == 0 ? representative_frame(record) : frame;
  return rendering;
}

Rendering parse_thumbnail(const QueryParameters& parameters) {
  Rendering rendering;
  rendering.viewport_width = rendering.viewport_height = kThumbnailSide;
  const auto viewport = parameters.find("viewport");
  if (viewport && (parts_of(*viewport).size() != 2 || !take_sides(rendering, parts_of(*viewport))))
    refuse("viewport", "width,height in pixels, up to 16384");
  return rendering;
}

}  // namespace fermata::dicomweb
