#include "rendering/lookup_table.hpp"

#include <algorithm>
#include <bit>

#include "rendering/attributes.hpp"

namespace fermata::codecs::rendering {

std::optional<LutDescriptor> lut_descriptor(const std::optional<dicom::Element>& element, bool signed_inputs) {
  if (!element || element->value.size() < 6) return {};
  const auto entries = element->number<uint16_t>(0);
  const bool is_signed = signed_inputs || element->vr == dicom::Vr("SS");
  return LutDescriptor{entries == 0 ? 65536u : entries,
                       is_signed ? int64_t{element->number<int16_t>(1)} : int64_t{element->number<uint16_t>(1)},
                       element->number<uint16_t>(2)};
}

std::optional<LookupTable> lookup_table(const LutDescriptor& descriptor, std::span<const std::byte> data) {
  const std::size_t wanted = descriptor.entries;
  const bool bytes = data.size() <= wanted + 1 && (descriptor.bits <= 8 || data.size() >= wanted);
  const std::size_t count = std::min(wanted, bytes ? data.size() : data.size() / 2);
  if (count == 0) return {};
  LookupTable table{descriptor.first, 0, std::vector<uint16_t>(count)};
  for (std::size_t i = 0; i < count; ++i)
    table.entries[i] = static_cast<uint16_t>(bytes ? std::to_integer<uint16_t>(data[i])
                                                   : std::to_integer<uint16_t>(data[2 * i]) |
                                                         std::to_integer<uint16_t>(data[2 * i + 1]) << 8);
  const auto needed =
      static_cast<uint32_t>(std::bit_width(*std::max_element(table.entries.begin(), table.entries.end())));
  const uint32_t promised = bytes ? 8 : std::min(descriptor.bits, 16u);
  table.bits = std::max({needed, promised, 1u});
  return table;
}

std::optional<LookupTable> lookup_table(dicom::DataSetView item, bool signed_inputs) {
  const auto descriptor = lut_descriptor(item.find(kLutDescriptor), signed_inputs);
  const auto data = item.find(kLutData);
  if (!descriptor || !data) return {};
  return lookup_table(*descriptor, data->value);
}

}  // namespace fermata::codecs::rendering
