#include "rendering/pixel_cells.hpp"

#include <algorithm>

namespace fermata::codecs::rendering {

CellFormat::CellFormat(uint32_t bits_allocated, uint32_t bits_stored, uint32_t high_bit, bool is_signed)
    : bits_allocated_(std::clamp(bits_allocated, 1u, 32u)),
      bits_stored_(bits_stored == 0 || bits_stored > bits_allocated_ ? bits_allocated_ : bits_stored),
      shift_(std::clamp(high_bit + 1, bits_stored_, bits_allocated_) - bits_stored_),
      mask_(static_cast<uint32_t>((uint64_t{1} << bits_stored_) - 1)),
      signed_(is_signed && bits_stored_ > 1) {}

}  // namespace fermata::codecs::rendering
