#include "rendering/stored_values.hpp"

#include <catch2/catch.hpp>

#include "rendering/tests/sample_header.hpp"

using namespace fermata::codecs::rendering;
using namespace fermata::codecs::rendering::testing;

TEST_CASE("bits beside the value are masked away, the sign is the highest stored bit's") {
  const CellFormat overlay(16, 12, 11, false);
  CHECK(overlay.value(0xf123) == 0x123);
  CHECK(overlay.largest() == 4095);
  const CellFormat is_signed(16, 12, 11, true);
  CHECK(is_signed.value(0x0fff) == -1);
  CHECK(is_signed.value(0x0800) == -2048);
  CHECK(is_signed.value(0xf7ff) == 2047);
  CHECK(is_signed.smallest() == -2048);
  const CellFormat high(16, 12, 15, false);
  CHECK(high.value(0x123f) == 0x123);
  const CellFormat wide(32, 32, 31, true);
  CHECK(wide.value(0x80000000u) == -2147483648LL);
  CHECK(wide.value(0xffffffffu) == -1);
  CHECK(CellFormat(32, 32, 31, false).largest() == 4294967295LL);
}

TEST_CASE("impossible statements about bits become possible ones") {
  CHECK(CellFormat(8, 12, 11, false).bits_stored() == 8);
  CHECK(CellFormat(16, 0, 0, false).value(0xabcd) == 0xabcd);
  CHECK(CellFormat(16, 12, 3, false).value(0x1234) == 0x234);
  CHECK(CellFormat(16, 12, 4000000000u, false).value(0x1230) == 0x123);
  CHECK(CellFormat(0, 0, 0, true).value(1) == 1);
  CHECK(CellFormat(4000000000u, 0, 0, false).bits_allocated() == 32);
}

TEST_CASE("cells of any width are read one behind the other, from the lowest bit") {
  const auto bits = octets({0b10110001, 0b00000001});
  const Cells single(as_bytes(bits), 1);
  const int expected[] = {1, 0, 0, 0, 1, 1, 0, 1, 1, 0};
  for (std::size_t i = 0; i < std::size(expected); ++i) CHECK(single[i] == static_cast<uint32_t>(expected[i]));
  const auto packed = octets({0x23, 0x61, 0x45});  // 0x123, 0x456
  const Cells twelve(as_bytes(packed), 12);
  CHECK(twelve[0] == 0x123);
  CHECK(twelve[1] == 0x456);
  const auto wide = octets({1, 2, 3, 4, 5, 6, 7, 8});
  CHECK(Cells(as_bytes(wide), 32)[1] == 0x08070605);
  CHECK(Cells(as_bytes(wide), 24)[1] == 0x060504);
}

TEST_CASE("cells beyond the bytes read 0") {
  const auto two = octets({7, 8});
  CHECK(Cells(as_bytes(two), 16)[1] == 0);
  CHECK(Cells(as_bytes(two), 8)[UINT64_MAX / 8] == 0);
  CHECK(Cells({}, 32)[0] == 0);
  const StoredValues values(as_bytes(two), CellFormat(16, 16, 15, false), 3);
  std::vector<uint8_t> table(65536, 9);
  table[0x0807] = 1;
  std::vector<uint8_t> out(3);
  values.map(0, table, 1, out);
  CHECK(out == std::vector<uint8_t>{1, 9, 9});
}

TEST_CASE("floating point pixel data is read in both widths") {
  const auto single = octets({0, 0, 0xc0, 0x3f, 0, 0, 0, 0xc0});
  const StoredValues f(as_bytes(single), StoredValues::Kind::float32, 2);
  CHECK(f[0] == 1.5);
  CHECK(f[1] == -2.0);
  CHECK(f[2] == 0.0);
  const auto wide = octets({0, 0, 0, 0, 0, 0, 0xe0, 0x3f});
  CHECK(StoredValues(as_bytes(wide), StoredValues::Kind::float64, 1)[0] == 0.5);
}

TEST_CASE("a table for cells has an entry for every cell, whatever its spare bits") {
  const auto table = cell_table(CellFormat(8, 2, 1, true), 1,
                                [](int64_t value, uint8_t* entry) { *entry = static_cast<uint8_t>(value + 10); });
  REQUIRE(table.size() == 256);
  CHECK(table[0] == 10);
  CHECK(table[1] == 11);
  CHECK(table[2] == 8);
  CHECK(table[3] == 9);
  CHECK(table[0xf3] == 9);
}
