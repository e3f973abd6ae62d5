#include "rendering/lookup_table.hpp"

#include <catch2/catch.hpp>
#include <limits>

#include "fermata/testing/threads_and_errors.hpp"
#include "rendering/palette.hpp"
#include "rendering/segmented_table.hpp"
#include "rendering/tests/sample_header.hpp"

using namespace fermata;
using namespace fermata::codecs::rendering;
using namespace fermata::codecs::rendering::testing;
using fermata::testing::code_of;

namespace {

using Entries = std::vector<uint16_t>;

std::optional<LutDescriptor> descriptor(const SampleHeader& header, bool signed_inputs) {
  return lut_descriptor(header.view().find(kLutDescriptor), signed_inputs);
}

Palette palette(int bits, const std::string& red, const std::string& green, const std::string& blue, int entries = 2,
                int first = 0) {
  const LutDescriptor d{static_cast<uint32_t>(entries), first, static_cast<uint32_t>(bits)};
  return Palette(
      {PaletteChannel{d, as_bytes(red)}, PaletteChannel{d, as_bytes(green)}, PaletteChannel{d, as_bytes(blue)}});
}

}  // namespace

TEST_CASE("a descriptor's first input is signed where the inputs are; 0 entries are 65536") {
  const auto d = descriptor(SampleHeader().us(kLutDescriptor, {0, 0xfff6, 12}), false);
  REQUIRE(d);
  CHECK(d->entries == 65536);
  CHECK(d->first == 65526);
  CHECK(d->bits == 12);
  CHECK(descriptor(SampleHeader().us(kLutDescriptor, {4, 0xfff6, 12}), true)->first == -10);
  CHECK(descriptor(SampleHeader().ss(kLutDescriptor, {-1, -10, 12}), false)->first == -10);
  CHECK(descriptor(SampleHeader().ss(kLutDescriptor, {-1, -10, 12}), false)->entries == 65535);
  CHECK_FALSE(descriptor(SampleHeader().us(kLutDescriptor, {4, 0}), false));
  CHECK_FALSE(descriptor(SampleHeader(), false));
}

TEST_CASE("a table maps what is outside of it to its ends") {
  const auto table = lookup_table({3, -1, 16}, as_bytes(words({100, 200, 300})));
  REQUIRE(table);
  CHECK(table->at(-5) == 100);
  CHECK(table->at(-1) == 100);
  CHECK(table->at(0) == 200);
  CHECK(table->at(0.6) == 300);
  CHECK(table->at(1) == 300);
  CHECK(table->at(1e300) == 300);
  CHECK(table->at(-std::numeric_limits<double>::infinity()) == 100);
  CHECK(table->at(std::numeric_limits<double>::quiet_NaN()) == 100);
}

TEST_CASE("entries of 8 bits stand in bytes or in words") {
  const auto in_bytes = lookup_table({3, 0, 8}, as_bytes(octets({1, 2, 255, 0})));
  const auto in_words = lookup_table({3, 0, 8}, as_bytes(words({1, 2, 255})));
  CHECK(in_bytes->entries == Entries{1, 2, 255});
  CHECK(in_words->entries == Entries{1, 2, 255});
  CHECK(in_bytes->bits == 8);
  CHECK(in_words->bits == 8);
}

TEST_CASE("descriptors that lie do no harm") {
  CHECK(lookup_table({65536, 0, 16}, as_bytes(words({1, 2, 3})))->entries == Entries{1, 2, 3});
  CHECK(lookup_table({2, 0, 16}, as_bytes(words({1, 2, 3})))->entries == Entries{1, 2});
  CHECK_FALSE(lookup_table({4, 0, 16}, {}));
  CHECK(lookup_table({2, 0, 8}, as_bytes(words({1, 1000})))->bits == 10);
  CHECK(lookup_table({2, 0, 0}, as_bytes(words({0, 0})))->bits == 1);
  CHECK(lookup_table({2, 0, 4000000000u}, as_bytes(words({0, 9})))->bits == 16);
  CHECK(lookup_table({4, 0, 16}, as_bytes(octets({1, 2, 3, 4})))->entries == Entries{1, 2, 3, 4});
}

TEST_CASE("discrete, linear and indirect segments are expanded") {
  const auto data = words({0, 3, 10, 20, 30, /**/ 1, 4, 50, /**/ 2, 2, 0, 0, /**/ 0, 1, 7});
  CHECK(expand_segments(as_bytes(data), 16, 100) == Entries{10, 20, 30, 35, 40, 45, 50, 10, 20, 30, 35, 40, 45, 50, 7});
  const auto bytes = octets({0, 1, 200, /**/ 1, 3, 0, /**/ 2, 1, 3, 0, 0, 0, 0});
  CHECK(expand_segments(as_bytes(bytes), 8, 100) == Entries{200, 133, 67, 0, 0, 0, 0});
  CHECK(expand_segments(as_bytes(words({0, 1, 0, 1, 2, 0xffff})), 16, 100) == Entries{0, 32768, 65535});
}

TEST_CASE("expansion ends at the number of entries") {
  CHECK(expand_segments(as_bytes(words({0, 1, 5, 1, 60000, 9})), 16, 3) == Entries{5, 5, 5});
  CHECK(expand_segments(as_bytes(words({0, 1, 5, 2, 60000, 0, 0})), 16, 2) == Entries{5, 5});
}

TEST_CASE("segments that make no sense are an Error") {
  const auto code = [](const std::string& data, uint32_t bits = 16) {
    return code_of([&] { expand_segments(as_bytes(data), bits, 1000); });
  };
  CHECK(code(words({1, 4, 50})) == Code::corrupt);                       // a line that begins nowhere
  CHECK(code(words({0, 4, 50})) == Code::corrupt);                       // cut off
  CHECK(code(words({0, 0})) == Code::corrupt);                           // of length 0
  CHECK(code(words({3, 1, 1})) == Code::corrupt);                        // of an unknown kind
  CHECK(code(words({0, 1, 5, 2, 1, 6, 0})) == Code::corrupt);            // points to itself
  CHECK(code(words({0, 1, 5, 2, 1, 0xffff, 0xffff})) == Code::corrupt);  // points outside
  CHECK(code(octets({0, 1, 5, 2, 1, 0xff}), 8) == Code::corrupt);
}

TEST_CASE("palettes of 8 and of 16 bits give the same colours") {
  const auto narrow = palette(8, octets({1, 255}), octets({2, 254}), octets({3, 253}));
  const auto wide = palette(16, words({0x0100, 0xff00}), words({0x02ff, 0xfe00}), words({0x03aa, 0xfd12}));
  for (const auto& p : {narrow, wide}) {
    CHECK(p.colour(0) == Palette::Colour{1, 2, 3});
    CHECK(p.colour(1) == Palette::Colour{255, 254, 253});
    CHECK(p.colour(-7) == Palette::Colour{1, 2, 3});
    CHECK(p.colour(70000) == Palette::Colour{255, 254, 253});
  }
}

TEST_CASE("a palette of 16 bits that only uses 8 is not made black") {
  CHECK(palette(16, words({0, 255}), words({0, 128}), words({0, 7})).colour(1) == Palette::Colour{255, 128, 7});
}

TEST_CASE("a segmented palette has its colours, an empty one is an Error") {
  const LutDescriptor d{4, 10, 8};
  const auto line = octets({0, 1, 0, 1, 3, 255});
  const PaletteChannel channel{d, as_bytes(line), true};
  const Palette p({channel, channel, channel});
  CHECK(p.first() == 10);
  CHECK(p.colour(11) == Palette::Colour{85, 85, 85});
  CHECK(code_of([&] { palette(8, "", "", ""); }) == Code::corrupt);
  CHECK(code_of([&] { Palette({channel, channel, PaletteChannel{d, as_bytes(octets({0})), true}}); }) == Code::corrupt);
}
