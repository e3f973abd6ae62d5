#include "pixel_rows.hpp"

#include <algorithm>
#include <bit>
#include <cstring>
#include <string>

#include "fermata/error.hpp"

namespace fermata::codecs {
namespace {

/// Calls `work` with an integer type of the cell's width.
template <class Work>
void with_cell(uint32_t bits_allocated, Work&& work) {
  switch (bits_allocated) {
    case 8:
      return work(uint8_t{});
    case 16:
      return work(uint16_t{});
    default:
      return work(uint32_t{});
  }
}

template <class Cell>
Cell load(const std::byte* at) {
  Cell cell;
  std::memcpy(&cell, at, sizeof cell);
  return cell;
}

template <class Cell>
void store(std::byte* at, Cell cell) {
  std::memcpy(at, &cell, sizeof cell);
}

static_assert(std::endian::native == std::endian::little, "pixel cells are read as they lie in memory");

uint64_t first_cell(const PixelDescription& d, uint32_t row, uint32_t sample) {
  return uint64_t{row} * d.columns * d.samples + sample;
}

/// The stored bits of a cell as a value.
int32_t value_of(uint32_t cell, uint32_t shift, uint32_t bits, bool is_signed) {
  const uint32_t above = 32 - bits;
  const uint32_t moved = cell >> shift << above;
  return is_signed ? static_cast<int32_t>(moved) >> above : static_cast<int32_t>(moved >> above);
}

uint32_t shift_of(const PixelDescription& d) { return d.high_bit + 1 - d.bits_stored; }

}  // namespace

void check_cells(const PixelDescription& d) {
  if (d.values != PixelDescription::Values::integer)
    throw Error(Code::unsupported, "floating point pixels can't be compressed");
  if (d.bits_allocated != 1 && d.bits_allocated != 8 && d.bits_allocated != 16 && d.bits_allocated != 32)
    throw Error(Code::unsupported,
                "pixels of " + std::to_string(d.bits_allocated) + " bits allocated are not supported");
  if (d.bits_allocated == 1 && d.samples != 1)
    throw Error(Code::unsupported, "colours of one bit a sample are not supported");
}

void read_row(std::span<const std::byte> frame, const PixelDescription& d, uint32_t row, uint32_t sample,
              std::span<int32_t> values) {
  if (d.bits_allocated == 1) {
    uint64_t bit = uint64_t{row} * d.columns;
    for (auto& value : values) {
      value = std::to_integer<int32_t>(frame[bit / 8] >> (bit % 8) & std::byte{1});
      ++bit;
    }
    return;
  }
  with_cell(d.bits_allocated, [&]<class Cell>(Cell) {
    const auto* at = frame.data() + first_cell(d, row, sample) * sizeof(Cell);
    for (auto& value : values) {
      value = value_of(load<Cell>(at), shift_of(d), d.bits_stored, d.is_signed);
      at += d.samples * sizeof(Cell);
    }
  });
}

void write_row(std::span<std::byte> frame, const PixelDescription& d, uint32_t row, uint32_t sample,
               std::span<const int32_t> values, uint32_t dx) {
  if (d.bits_allocated == 1) {
    for (uint32_t column = 0; column < d.columns; ++column) {
      const uint64_t bit = uint64_t{row} * d.columns + column;
      const auto mask = std::byte{1} << (bit % 8);
      if (values[column / dx] != 0)
        frame[bit / 8] |= mask;
      else
        frame[bit / 8] &= ~mask;
    }
    return;
  }
  with_cell(d.bits_allocated, [&]<class Cell>(Cell) {
    auto* at = frame.data() + first_cell(d, row, sample) * sizeof(Cell);
    for (uint32_t column = 0; column < d.columns; ++column) {
      store(at, static_cast<Cell>(values[dx == 1 ? column : column / dx]));
      at += d.samples * sizeof(Cell);
    }
  });
}

bool holds_values_only(std::span<const std::byte> frame, const PixelDescription& d) {
  if (d.bits_stored == d.bits_allocated) return true;
  if (shift_of(d) != 0) return false;
  bool clean = true;
  with_cell(d.bits_allocated, [&]<class Cell>(Cell) {
    for (std::size_t at = 0; clean && at + sizeof(Cell) <= frame.size(); at += sizeof(Cell)) {
      const auto cell = load<Cell>(frame.data() + at);
      clean = static_cast<Cell>(value_of(cell, 0, d.bits_stored, d.is_signed)) == cell;
    }
  });
  return clean;
}

void extend_sign(std::span<std::byte> frame, const PixelDescription& d, uint32_t precision) {
  if (!d.is_signed || precision >= d.bits_allocated || precision > d.bits_stored) return;
  with_cell(d.bits_allocated, [&]<class Cell>(Cell) {
    for (std::size_t at = 0; at + sizeof(Cell) <= frame.size(); at += sizeof(Cell))
      store(frame.data() + at, static_cast<Cell>(value_of(load<Cell>(frame.data() + at), 0, precision, true)));
  });
}

void widen(std::span<const std::byte> bytes, std::span<std::byte> words) {
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    words[2 * i] = bytes[i];
    words[2 * i + 1] = std::byte{0};
  }
}

PixelDescription interleaved(PixelDescription d) {
  if (d.shares_chrominance()) d.photometric_interpretation.resize(d.photometric_interpretation.size() - 4);
  d.planar = false;
  return d;
}

std::vector<std::byte> interleave(std::span<const std::byte> frame, const PixelDescription& d) {
  const auto size = d.bits_allocated / 8;
  if (d.bits_allocated % 8 != 0)
    throw Error(Code::unsupported,
                "colours of " + std::to_string(d.bits_allocated) + " bits allocated are not supported");
  std::vector<std::byte> out(static_cast<std::size_t>(interleaved(d).frame_bytes()));
  auto* to = out.data();
  const auto copy = [&](uint64_t cell) {
    std::memcpy(to, frame.data() + cell * size, size);
    to += size;
  };
  if (d.shares_chrominance()) {  // Y1 Y2 Cb Cr
    for (uint64_t pixel = 0; pixel < d.pixels(); ++pixel) {
      const uint64_t pair = pixel / 2 * 4;
      copy(pair + pixel % 2);
      copy(pair + 2);
      copy(pair + 3);
    }
  } else {
    for (uint64_t pixel = 0; pixel < d.pixels(); ++pixel)
      for (uint32_t sample = 0; sample < d.samples; ++sample) copy(sample * d.pixels() + pixel);
  }
  return out;
}

}  // namespace fermata::codecs
