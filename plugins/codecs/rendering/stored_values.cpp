#include "rendering/stored_values.hpp"

#include <algorithm>
#include <bit>

namespace fermata::codecs::rendering {
namespace {

/// Calls `visit` with one cell after the other: those of 8 and 16 bits, which nearly all images have, read directly.
template <class Visit>
void each_cell(std::span<const std::byte> bytes, const Cells& cells, uint32_t bits, uint64_t first, uint64_t count,
               Visit&& visit) {
  const uint64_t there = bytes.size() * 8 / bits;
  const uint64_t end = std::min(first + count, there);
  if (bits == 8) {
    for (uint64_t i = first; i < end; ++i) visit(std::to_integer<uint32_t>(bytes[i]));
  } else if (bits == 16) {
    for (uint64_t i = first; i < end; ++i)
      visit(std::to_integer<uint32_t>(bytes[2 * i]) | std::to_integer<uint32_t>(bytes[2 * i + 1]) << 8);
  } else {
    for (uint64_t i = first; i < end; ++i) visit(cells[i]);
  }
  for (uint64_t i = std::max(first, end); i < first + count; ++i) visit(0u);
}

template <class Float, class Bits>
double floating(std::span<const std::byte> bytes, uint64_t index) {
  if (index >= bytes.size() / sizeof(Bits)) return 0;
  Bits bits = 0;
  for (unsigned b = sizeof(Bits); b-- > 0;) bits = bits << 8 | std::to_integer<Bits>(bytes[index * sizeof(Bits) + b]);
  return std::bit_cast<Float>(bits);
}

}  // namespace

double StoredValues::operator[](uint64_t index) const {
  switch (kind_) {
    case Kind::float32:
      return floating<float, uint32_t>(bytes_, index);
    case Kind::float64:
      return floating<double, uint64_t>(bytes_, index);
    case Kind::integer:
      break;
  }
  return static_cast<double>(format_.value(cells_[index]));
}

std::vector<uint8_t> StoredValues::present_cells() const {
  std::vector<uint8_t> present(std::size_t{1} << format_.bits_allocated());
  each_cell(bytes_, cells_, format_.bits_allocated(), 0, count_, [&](uint32_t cell) { present[cell] = 1; });
  return present;
}

void StoredValues::map(uint64_t first, std::span<const uint8_t> table, unsigned width, std::span<uint8_t> into) const {
  uint8_t* out = into.data();
  const auto count = into.size() / width;
  if (width == 1)
    each_cell(bytes_, cells_, format_.bits_allocated(), first, count, [&](uint32_t cell) { *out++ = table[cell]; });
  else
    each_cell(bytes_, cells_, format_.bits_allocated(), first, count, [&](uint32_t cell) {
      for (unsigned i = 0; i < width; ++i) *out++ = table[cell * width + i];
    });
}

}  // namespace fermata::codecs::rendering
