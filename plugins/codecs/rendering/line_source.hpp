#pragma once
#include <cstdint>
#include <span>

namespace fermata::codecs::rendering {

/// A picture of 8 bits a channel, grey or RGB, made line by line as it is asked for. **Thread**: one at a time.
class LineSource {
 public:
  LineSource(uint32_t columns, uint32_t rows, unsigned channels)
      : columns_(columns), rows_(rows), channels_(channels) {}
  virtual ~LineSource() = default;
  uint32_t columns() const { return columns_; }
  uint32_t rows() const { return rows_; }
  unsigned channels() const { return channels_; }
  /// Fills `into` with pixels of a row, from a column on, as many as there is room for; no more than the row has.
  virtual void read(uint32_t row, uint32_t first_column, std::span<uint8_t> into) = 0;

 protected:
  uint64_t index(uint32_t row, uint32_t column) const { return uint64_t{row} * columns_ + column; }

 private:
  uint32_t columns_;
  uint32_t rows_;
  unsigned channels_;
};

}  // namespace fermata::codecs::rendering
