#include "rendering/object_values.hpp"

#include <cstdint>
#include <utility>

#include "fermata/error.hpp"
#include "rendering/attributes.hpp"

namespace fermata::codecs::rendering {
namespace {

constexpr uint64_t kLongest = 4 << 20;
constexpr std::string_view kExplicitBigEndian = "1.2.840.10008.1.2.2";

bool is_palette(dicom::Tag tag) {
  for (uint32_t colour = 0; colour < 3; ++colour)
    if (tag.value == kRedPaletteData.value + colour || tag.value == kSegmentedRedPaletteData.value + colour)
      return true;
  return false;
}

}  // namespace

ObjectValues::ObjectValues(const InstanceRecord& record, ObjectReader& object) : header_(record.header) {
  for (const auto& bulk : record.bulk) {
    const dicom::Tag tag(bulk.tag);
    if (!(is_palette(tag) || tag == kIccProfile) || bulk.length > kLongest) continue;
    if (bulk.offset == UINT64_MAX) {
      palette_out_of_reach_ |= is_palette(tag);
      continue;
    }
    std::vector<std::byte> value(static_cast<std::size_t>(bulk.length));
    value.resize(static_cast<std::size_t>(object.read_at(bulk.offset, value)));
    if (is_palette(tag) && record.transfer_syntax_uid == kExplicitBigEndian)
      for (std::size_t i = 0; i + 1 < value.size(); i += 2) std::swap(value[i], value[i + 1]);
    read_.insert_or_assign(tag, std::move(value));
  }
}

std::span<const std::byte> ObjectValues::value(dicom::Tag tag) const {
  if (palette_out_of_reach_ && is_palette(tag))
    throw Error(Code::unsupported, "the palette is longer than 64 KiB and deflated: ask for the object itself");
  if (const auto read = read_.find(tag); read != read_.end()) return read->second;
  const auto element = header_.find(tag);
  return element ? element->value : std::span<const std::byte>{};
}

}  // namespace fermata::codecs::rendering
