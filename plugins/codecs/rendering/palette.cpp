#include "rendering/palette.hpp"

#include <algorithm>

#include "fermata/error.hpp"
#include "rendering/segmented_table.hpp"

namespace fermata::codecs::rendering {
namespace {

LookupTable table_of(const PaletteChannel& channel) {
  if (channel.segmented) {
    LookupTable table{channel.descriptor.first, channel.descriptor.bits > 8 ? 16u : 8u,
                      expand_segments(channel.data, channel.descriptor.bits, channel.descriptor.entries)};
    if (!table.entries.empty()) return table;
  } else if (auto table = lookup_table(channel.descriptor, channel.data)) {
    return *std::move(table);
  }
  throw Error(Code::corrupt, "a Palette Color Lookup Table (0028,1201) to (0028,1223) is empty");
}

bool fits_into_8_bits(const LookupTable& table) {
  return *std::max_element(table.entries.begin(), table.entries.end()) < 256;
}

}  // namespace

Palette::Palette(const std::array<PaletteChannel, 3>& channels)
    : tables_{table_of(channels[0]), table_of(channels[1]), table_of(channels[2])} {
  if (std::all_of(tables_.begin(), tables_.end(), fits_into_8_bits)) return;
  for (const auto& table : tables_) shift_ = std::max(shift_, table.bits - std::min(table.bits, 8u));
}

Palette::Colour Palette::colour(int64_t value) const {
  Colour colour;
  for (std::size_t c = 0; c < 3; ++c)
    colour[c] = static_cast<uint8_t>(tables_[c].at(static_cast<double>(value)) >> shift_);
  return colour;
}

}  // namespace fermata::codecs::rendering
