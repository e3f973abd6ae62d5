#pragma once
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <vector>

namespace fermata::codecs::rendering {

/// Where a sample's value stands in its pixel cell (PS3.5 8.1.1): bits beside it, as old overlays have them, are masked
/// away. What an object says about its bits is brought to something possible.
class CellFormat {
 public:
  CellFormat(uint32_t bits_allocated, uint32_t bits_stored, uint32_t high_bit, bool is_signed);

  uint32_t bits_allocated() const { return bits_allocated_; }
  uint32_t bits_stored() const { return bits_stored_; }
  bool is_signed() const { return signed_; }
  /// The bits of the value alone, at the lowest place.
  uint32_t bits(uint32_t cell) const { return cell >> shift_ & mask_; }
  int64_t value(uint32_t cell) const { return value_of(bits(cell)); }
  int64_t value_of(uint32_t bits) const {
    return signed_ && bits >> (bits_stored_ - 1) != 0 ? int64_t{bits} - (int64_t{1} << bits_stored_) : int64_t{bits};
  }
  int64_t smallest() const { return signed_ ? -(int64_t{1} << (bits_stored_ - 1)) : 0; }
  int64_t largest() const { return signed_ ? (int64_t{1} << (bits_stored_ - 1)) - 1 : int64_t{mask_}; }

 private:
  uint32_t bits_allocated_;
  uint32_t bits_stored_;
  uint32_t shift_;
  uint32_t mask_;
  bool signed_;
};

/// What `paint(value, entry)` writes for every cell there can be, `width` bytes each; of at most 16 bits allocated.
template <class Paint>
std::vector<uint8_t> cell_table(const CellFormat& format, unsigned width, Paint&& paint) {
  std::vector<uint8_t> of_values((std::size_t{1} << format.bits_stored()) * width);
  for (uint32_t bits = 0; bits < of_values.size() / width; ++bits)
    paint(format.value_of(bits), of_values.data() + std::size_t{bits} * width);
  if (format.bits_stored() == format.bits_allocated()) return of_values;
  std::vector<uint8_t> of_cells((std::size_t{1} << format.bits_allocated()) * width);
  for (uint32_t cell = 0; cell < of_cells.size() / width; ++cell)
    std::memcpy(of_cells.data() + std::size_t{cell} * width, of_values.data() + std::size_t{format.bits(cell)} * width,
                width);
  return of_cells;
}

/// Pixel cells of 1 to 32 bits, one behind the other, little endian, beginning at the lowest bit.
/// **Ownership**: borrows the bytes. An index beyond them reads zeros.
class Cells {
 public:
  Cells(std::span<const std::byte> bytes, uint32_t bits_allocated)
      : bytes_(bytes), bits_(bits_allocated), mask_(static_cast<uint32_t>((uint64_t{1} << bits_allocated) - 1)) {}

  uint32_t operator[](uint64_t index) const {
    const uint64_t bit = index * bits_;
    const uint64_t at = bit / 8;
    uint64_t word = 0;
    if (at < bytes_.size()) std::memcpy(&word, bytes_.data() + at, std::min<uint64_t>(8, bytes_.size() - at));
    return static_cast<uint32_t>(word >> bit % 8) & mask_;
  }

 private:
  std::span<const std::byte> bytes_;
  uint32_t bits_;
  uint32_t mask_;
};

}  // namespace fermata::codecs::rendering
