#include "rendering/picture.hpp"

#include <cstdio>
#include <cstring>
#include <string_view>

#include "fermata/error.hpp"
#include "rendering/attributes.hpp"
#include "rendering/colour_space.hpp"
#include "rendering/frame_lines.hpp"
#include "rendering/grey_scale.hpp"
#include "rendering/palette.hpp"

namespace fermata::codecs::rendering {
namespace {

std::string tag_of(uint32_t element) {
  char text[12];
  std::snprintf(text, sizeof text, "(%04X,%04X)", element >> 16, element & 0xffff);
  return text;
}

PaletteChannel palette_channel(const ObjectValues& values, uint32_t colour, bool signed_values) {
  const auto descriptor =
      lut_descriptor(values.header().find(dicom::Tag(kRedPaletteDescriptor.value + colour)), signed_values);
  auto data = values.value(dicom::Tag(kRedPaletteData.value + colour));
  const bool segmented = data.empty();
  if (segmented) data = values.value(dicom::Tag(kSegmentedRedPaletteData.value + colour));
  if (!descriptor || data.empty())
    throw Error(Code::corrupt, "a PALETTE COLOR image has no palette: " +
                                   tag_of((descriptor ? kRedPaletteData : kRedPaletteDescriptor).value + colour) +
                                   " is missing");
  return {*descriptor, data, segmented};
}

Palette palette_of(const ObjectValues& values, bool signed_values) {
  return Palette({palette_channel(values, 0, signed_values), palette_channel(values, 1, signed_values),
                  palette_channel(values, 2, signed_values)});
}

bool has_supplemental_palette(const FrameAttributes& attributes) {
  const auto presentation = attributes.object().text(kPixelPresentation);
  return (presentation == "COLOR" || presentation == "MIXED") &&
         attributes.object().find(kRedPaletteDescriptor).has_value();
}

void need(bool there, const char* what) {
  if (!there) throw Error(Code::corrupt, what);
}

/// The profile without what pads it to even length; nothing if it is not for RGB (ICC.1 7.2).
std::span<const std::byte> rgb_profile(std::span<const std::byte> value) {
  constexpr std::size_t kHeader = 128;
  constexpr std::size_t kColourSpace = 16;
  if (value.size() < kHeader || std::memcmp(value.data() + kColourSpace, "RGB ", 4) != 0) return {};
  std::size_t size = 0;
  for (std::size_t i = 0; i < 4; ++i) size = size << 8 | std::to_integer<std::size_t>(value[i]);
  if (size < kHeader || size > value.size()) return {};
  return value.first(size);
}

/// What an object says that says nothing: a picture of one sample a pixel is grey, one of three is RGB.
std::string_view photometric_interpretation(const PixelDescription& description) {
  if (!description.photometric_interpretation.empty()) return description.photometric_interpretation;
  return description.samples == 3 ? "RGB" : "MONOCHROME2";
}

[[noreturn]] void fail_for(const PixelDescription& description) {
  throw Error(Code::unsupported, "no picture can be made of Photometric Interpretation '" +
                                     description.photometric_interpretation + "' with " +
                                     std::to_string(description.samples) + " samples per pixel of " +
                                     std::to_string(description.bits_allocated) + " bits");
}

CellFormat format_of(const PixelDescription& description) {
  return {description.bits_allocated, description.bits_stored, description.high_bit, description.is_signed};
}

StoredValues stored_values(const PixelDescription& description, std::span<const std::byte> bytes) {
  const auto count = uint64_t{description.columns} * description.rows;
  switch (description.values) {
    case PixelDescription::Values::float32:
      return {bytes, StoredValues::Kind::float32, count};
    case PixelDescription::Values::float64:
      return {bytes, StoredValues::Kind::float64, count};
    case PixelDescription::Values::integer:
      break;
  }
  return {bytes, format_of(description), count};
}

}  // namespace

std::unique_ptr<LineSource> picture(const PixelDescription& description, std::span<const std::byte> bytes,
                                    const FrameAttributes& attributes, const ObjectValues& values,
                                    const std::optional<Window>& window) {
  const auto columns = description.columns;
  const auto rows = description.rows;
  const auto interpretation = photometric_interpretation(description);
  const bool integers = description.values == PixelDescription::Values::integer;
  need(columns != 0 && rows != 0, "Rows (0028,0010) or Columns (0028,0011) are 0: there are no pixels");
  need(bytes.size() >= (uint64_t{columns} * rows * description.samples * description.bits_allocated + 7) / 8,
       "the pixel data is shorter than a frame");
  if (integers && description.bits_allocated > 32) fail_for(description);
  if (description.samples == 3) {
    const auto space = colour_space(interpretation);
    if (!space || !integers) fail_for(description);
    return colour_lines(columns, rows, bytes, format_of(description), *space);
  }
  if (description.samples != 1) fail_for(description);
  const auto stored = stored_values(description, bytes);
  const auto palette = [&] { return palette_of(values, description.is_signed); };
  if (interpretation == "PALETTE COLOR") return palette_lines(columns, rows, stored, palette());
  if (interpretation != "MONOCHROME1" && interpretation != "MONOCHROME2") fail_for(description);
  const auto grey = grey_scale(attributes, stored, window, interpretation == "MONOCHROME1");
  if (has_supplemental_palette(attributes)) return grey_and_palette_lines(columns, rows, stored, grey, palette());
  return grey_lines(columns, rows, stored, grey);
}

std::span<const std::byte> icc_profile(const ObjectValues& values) {
  auto profile = values.value(kIccProfile);
  if (profile.empty())
    if (const auto path = first_item(values.header(), kOpticalPathSequence))
      if (const auto element = path->find(kIccProfile)) profile = element->value;
  return rgb_profile(profile);
}

}  // namespace fermata::codecs::rendering
