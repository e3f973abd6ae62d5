#pragma once
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "fermata/dicom/data_set_view.hpp"

namespace fermata::codecs::rendering {

/// LUT Descriptor and Palette Color Lookup Table Descriptor (PS3.3 C.11.1.1.1, C.7.6.3.1.5).
struct LutDescriptor {
  uint32_t entries = 0;  ///< 0 in the attribute says 65536
  int64_t first = 0;     ///< the input that the first entry is for
  uint32_t bits = 0;     ///< of an entry
};

/// None where the element is absent or has not three values. Its second one is signed if it is an SS, or if the inputs
/// are.
std::optional<LutDescriptor> lut_descriptor(const std::optional<dicom::Element>& element, bool signed_inputs);

/// A lookup table: inputs below the first have its first entry, those beyond the last have the last.
///
/// **Thread**: a value. `entries` is never empty.
struct LookupTable {
  int64_t first = 0;
  uint32_t bits = 16;  ///< enough for every entry
  std::vector<uint16_t> entries;

  uint16_t at(double input) const {
    const double index = input - static_cast<double>(first);
    if (!(index > 0)) return entries.front();
    return index >= static_cast<double>(entries.size() - 1) ? entries.back()
                                                            : entries[static_cast<std::size_t>(std::lrint(index))];
  }
  uint32_t largest() const { return (uint32_t{1} << bits) - 1; }
};

/// The table behind a descriptor; none where it has no entry at all.
///
/// Data in bytes or in 16-bit words is told apart by its length. Where the descriptor promises more entries than there
/// are, the table is as long as its data; where entries need more bits than it says, they have them.
std::optional<LookupTable> lookup_table(const LutDescriptor& descriptor, std::span<const std::byte> data);

/// The LUT Descriptor and LUT Data of an item of a Modality LUT or VOI LUT Sequence.
std::optional<LookupTable> lookup_table(dicom::DataSetView item, bool signed_inputs);

}  // namespace fermata::codecs::rendering
