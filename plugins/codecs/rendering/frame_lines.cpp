#include "rendering/frame_lines.hpp"

#include <algorithm>
#include <cstring>
#include <utility>
#include <vector>

#include "fermata/error.hpp"

namespace fermata::codecs::rendering {
namespace {

/// Every cell's grey or colour stands in a table.
class TableLines final : public LineSource {
 public:
  TableLines(uint32_t columns, uint32_t rows, const StoredValues& values, unsigned channels, std::vector<uint8_t> table)
      : LineSource(columns, rows, channels), values_(values), table_(std::move(table)) {}
  void read(uint32_t row, uint32_t first_column, std::span<uint8_t> into) override {
    values_.map(index(row, first_column), table_, channels(), into);
  }

 private:
  StoredValues values_;
  std::vector<uint8_t> table_;
};

/// Grey values of more than 16 bits, each worked out.
class ComputedLines final : public LineSource {
 public:
  ComputedLines(uint32_t columns, uint32_t rows, const StoredValues& values, const GreyScale& grey)
      : LineSource(columns, rows, 1), values_(values), grey_(grey) {}
  void read(uint32_t row, uint32_t first_column, std::span<uint8_t> into) override {
    auto at = index(row, first_column);
    for (auto& pixel : into) pixel = grey_(values_[at++]);
  }

 private:
  StoredValues values_;
  GreyScale grey_;
};

class ColourLines final : public LineSource {
 public:
  ColourLines(uint32_t columns, uint32_t rows, std::span<const std::byte> bytes, const CellFormat& format,
              ColourSpace space)
      : LineSource(columns, rows, 3),
        bytes_(bytes),
        format_(format),
        cells_(bytes, format.bits_allocated()),
        space_(space) {}

  void read(uint32_t row, uint32_t first_column, std::span<uint8_t> into) override {
    const auto first = index(row, first_column) * 3;
    if (format_.bits_allocated() == 8 && format_.bits_stored() == 8)
      std::memcpy(into.data(), bytes_.data() + first, into.size());
    else
      for (std::size_t i = 0; i < into.size(); ++i) into[i] = to_8_bits(cells_[first + i]);
    to_rgb(space_, into);
  }

 private:
  uint8_t to_8_bits(uint32_t cell) const {
    const uint64_t largest = (uint64_t{1} << format_.bits_stored()) - 1;
    return static_cast<uint8_t>((format_.bits(cell) * uint64_t{255} + largest / 2) / largest);
  }

  std::span<const std::byte> bytes_;
  CellFormat format_;
  Cells cells_;
  ColourSpace space_;
};

void need_a_table(const StoredValues& values) {
  if (!values.fits_a_table())
    throw Error(Code::unsupported, "the palette is for pixel values of more than 16 bits, which DICOM does not know");
}

}  // namespace

std::unique_ptr<LineSource> grey_lines(uint32_t columns, uint32_t rows, const StoredValues& values,
                                       const GreyScale& grey) {
  if (!values.fits_a_table()) return std::make_unique<ComputedLines>(columns, rows, values, grey);
  return std::make_unique<TableLines>(columns, rows, values, 1,
                                      cell_table(values.format(), 1, [&](int64_t value, uint8_t* entry) {
                                        *entry = grey(static_cast<double>(value));
                                      }));
}

std::unique_ptr<LineSource> palette_lines(uint32_t columns, uint32_t rows, const StoredValues& values,
                                          const Palette& palette) {
  need_a_table(values);
  return std::make_unique<TableLines>(columns, rows, values, 3,
                                      cell_table(values.format(), 3, [&](int64_t value, uint8_t* entry) {
                                        const auto colour = palette.colour(value);
                                        std::copy(colour.begin(), colour.end(), entry);
                                      }));
}

std::unique_ptr<LineSource> grey_and_palette_lines(uint32_t columns, uint32_t rows, const StoredValues& values,
                                                   const GreyScale& grey, const Palette& palette) {
  need_a_table(values);
  return std::make_unique<TableLines>(
      columns, rows, values, 3, cell_table(values.format(), 3, [&](int64_t value, uint8_t* entry) {
        const auto own = grey(static_cast<double>(value));
        const auto colour = value < palette.first() ? Palette::Colour{own, own, own} : palette.colour(value);
        std::copy(colour.begin(), colour.end(), entry);
      }));
}

std::unique_ptr<LineSource> colour_lines(uint32_t columns, uint32_t rows, std::span<const std::byte> bytes,
                                         const CellFormat& format, ColourSpace space) {
  return std::make_unique<ColourLines>(columns, rows, bytes, format, space);
}

}  // namespace fermata::codecs::rendering
