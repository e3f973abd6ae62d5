#pragma once
#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

#include "rendering/lookup_table.hpp"

namespace fermata::codecs::rendering {

/// One colour of a palette as an object has it.
struct PaletteChannel {
  LutDescriptor descriptor;
  std::span<const std::byte> data;
  bool segmented = false;
};

/// The colours behind pixel values (PS3.3 C.7.6.3.1.5, C.7.6.3.1.6, C.7.9). Entries of 16 bits keep their upper 8,
/// unless all of them fit into 8.
///
/// **Thread**: a value. **Errors**: corrupt (a table is empty or is no segmented table).
class Palette {
 public:
  using Colour = std::array<uint8_t, 3>;

  explicit Palette(const std::array<PaletteChannel, 3>& channels);
  Colour colour(int64_t value) const;
  /// The first value that has a colour of its own; of a Supplemental Palette (PS3.3 C.7.6.19) lower ones are grey.
  int64_t first() const { return tables_[0].first; }

 private:
  std::array<LookupTable, 3> tables_;
  uint32_t shift_ = 0;
};

}  // namespace fermata::codecs::rendering
