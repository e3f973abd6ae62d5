#pragma once
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "rendering/pixel_cells.hpp"

namespace fermata::codecs::rendering {

/// The values of a frame with one sample a pixel: integers in pixel cells, or floating point (PS3.3 C.7.6.24,
/// C.7.6.25).
///
/// **Thread**: read only, any. **Ownership**: borrows the bytes; an index beyond them reads 0.
class StoredValues {
 public:
  enum class Kind { integer, float32, float64 };

  StoredValues(std::span<const std::byte> bytes, const CellFormat& format, uint64_t count)
      : StoredValues(bytes, Kind::integer, format, count) {}
  /// Floating point.
  StoredValues(std::span<const std::byte> bytes, Kind kind, uint64_t count)
      : StoredValues(bytes, kind, CellFormat(32, 32, 31, true), count) {}

  Kind kind() const { return kind_; }
  const CellFormat& format() const { return format_; }  ///< of integers
  uint64_t count() const { return count_; }
  double operator[](uint64_t index) const;
  /// Whether there are so few different cells that a table can say what each of them means.
  bool fits_a_table() const { return kind_ == Kind::integer && format_.bits_allocated() <= 16; }
  /// For every cell there can be: whether it occurs. Only where they fit a table.
  std::vector<uint8_t> present_cells() const;
  /// Writes for each of the cells from number `first` on what `table` has for it: `width` bytes of 1 or 3.
  void map(uint64_t first, std::span<const uint8_t> table, unsigned width, std::span<uint8_t> into) const;

 private:
  StoredValues(std::span<const std::byte> bytes, Kind kind, const CellFormat& format, uint64_t count)
      : bytes_(bytes), kind_(kind), format_(format), cells_(bytes, format.bits_allocated()), count_(count) {}

  std::span<const std::byte> bytes_;
  Kind kind_;
  CellFormat format_;
  Cells cells_;
  uint64_t count_;
};

}  // namespace fermata::codecs::rendering
