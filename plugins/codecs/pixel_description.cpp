#include "pixel_description.hpp"

#include <charconv>
#include <optional>

#include "fermata/error.hpp"

namespace fermata::codecs {
namespace {

using dicom::DataSetView;
using dicom::Tag;

/// US, or what somebody wrote instead.
std::optional<uint32_t> number(DataSetView header, Tag tag) {
  const auto element = header.find(tag);
  if (!element || element->value.empty()) return {};
  if (element->vr.is_string()) {
    auto text = element->text();
    while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
    uint32_t n = 0;
    if (std::from_chars(text.data(), text.data() + text.size(), n).ec != std::errc{}) return {};
    return n;
  }
  if (element->value.size() >= 4 && element->vr != dicom::Vr("US") && element->vr != dicom::Vr("SS"))
    return element->number<uint32_t>();
  if (element->value.size() >= 2) return element->number<uint16_t>();
  return {};
}

}  // namespace

PixelDescription PixelDescription::of(DataSetView header, Tag pixel_data) {
  PixelDescription d;
  d.rows = number(header, Tag(0x0028, 0x0010)).value_or(0);
  d.columns = number(header, Tag(0x0028, 0x0011)).value_or(0);
  if (d.rows == 0 || d.columns == 0 || d.rows > 0xffff || d.columns > 0xffff)
    throw Error(Code::invalid, "the object says no number of Rows and Columns between 1 and 65535");
  d.samples = number(header, Tag(0x0028, 0x0002)).value_or(1);
  if (d.samples == 0 || d.samples > 4)
    throw Error(Code::unsupported, std::to_string(d.samples) + " samples per pixel: only 1 to 4 are known");
  d.photometric_interpretation = header.text(Tag(0x0028, 0x0004));
  d.planar = d.samples > 1 && number(header, Tag(0x0028, 0x0006)).value_or(0) == 1;
  d.frames = number(header, Tag(0x0028, 0x0008)).value_or(1);
  if (d.frames == 0) d.frames = 1;

  if (pixel_data != dicom::kPixelData) {
    d.values = pixel_data == kFloatPixelData ? Values::float32 : Values::float64;
    d.bits_allocated = d.bits_stored = pixel_data == kFloatPixelData ? 32 : 64;
    d.high_bit = d.bits_stored - 1;
    return d;
  }
  d.bits_allocated = number(header, Tag(0x0028, 0x0100)).value_or(8);
  if (d.bits_allocated == 0 || d.bits_allocated > 64)
    throw Error(Code::unsupported, std::to_string(d.bits_allocated) + " bits allocated: only 1 to 64 are known");
  d.bits_stored = number(header, Tag(0x0028, 0x0101)).value_or(0);
  if (d.bits_stored == 0 || d.bits_stored > d.bits_allocated) d.bits_stored = d.bits_allocated;
  d.high_bit = number(header, Tag(0x0028, 0x0102)).value_or(0);
  if (d.high_bit + 1 < d.bits_stored || d.high_bit >= d.bits_allocated) d.high_bit = d.bits_stored - 1;
  d.is_signed = number(header, Tag(0x0028, 0x0103)).value_or(0) == 1;
  return d;
}

}  // namespace fermata::codecs
