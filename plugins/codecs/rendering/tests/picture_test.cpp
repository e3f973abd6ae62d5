#include "rendering/picture.hpp"

#include <catch2/catch.hpp>

#include "fermata/testing/threads_and_errors.hpp"
#include "rendering/tests/sample_header.hpp"
#include "rendering/tests/sample_object.hpp"

using namespace fermata;
using namespace fermata::codecs;
using namespace fermata::codecs::rendering;
using namespace fermata::codecs::rendering::testing;
using fermata::testing::code_of;

namespace {

using Pixels = std::vector<int>;

PixelDescription described(const char* interpretation, uint32_t columns, uint32_t rows, uint32_t bits,
                           uint32_t samples = 1) {
  PixelDescription d;
  d.photometric_interpretation = interpretation;
  d.columns = columns;
  d.rows = rows;
  d.samples = samples;
  d.bits_allocated = d.bits_stored = bits;
  d.high_bit = bits - 1;
  return d;
}

/// All pixels, from top to bottom.
Pixels shown(const PixelDescription& description, const std::string& bytes, const SampleHeader& header = {},
             SampleObject object = {}) {
  object.record.header = header.view().bytes();
  const ObjectValues values(object.record, object);
  const FrameAttributes attributes(values.header(), 1);
  const auto lines = picture(description, as_bytes(bytes), attributes, values, {});
  Pixels out;
  std::vector<uint8_t> line(lines->columns() * lines->channels());
  for (uint32_t row = 0; row < lines->rows(); ++row) {
    lines->read(row, 0, line);
    out.insert(out.end(), line.begin(), line.end());
  }
  return out;
}

SampleHeader palette_header() {
  SampleHeader header;
  for (uint32_t c = 0; c < 3; ++c) header.us(dicom::Tag(kRedPaletteDescriptor.value + c), {2, 4, 8});
  return header.text(kRedPaletteData, "OW", octets({10, 11}))
      .text(dicom::Tag(0x0028, 0x1202), "OW", octets({20, 21}))
      .text(dicom::Tag(0x0028, 0x1203), "OW", octets({30, 31}));
}

}  // namespace

TEST_CASE("grey pictures of 1, 8, 16 and 32 bits") {
  CHECK(shown(described("MONOCHROME2", 4, 2, 1), octets({0b01100101})) == Pixels{255, 0, 255, 0, 0, 255, 255, 0});
  CHECK(shown(described("MONOCHROME1", 2, 1, 8), octets({0, 100})) == Pixels{255, 155});
  CHECK(shown(described("MONOCHROME2", 3, 1, 16), words({10, 265, 20})) == Pixels{0, 255, 10});
  CHECK(shown(described("MONOCHROME2", 2, 1, 32), octets({0, 0, 1, 0, 0, 0, 2, 0})) == Pixels{0, 255});
}

TEST_CASE("a picture of floating point values") {
  auto d = described("MONOCHROME2", 3, 1, 32);
  d.values = PixelDescription::Values::float32;
  const float values[] = {-1, 0, 1};
  const std::string_view bytes(reinterpret_cast<const char*>(values), sizeof values);
  CHECK(shown(d, std::string(bytes)) == Pixels{0, 128, 255});
}

TEST_CASE("part of a row can be read") {
  const auto bytes = octets({1, 2, 3, 4, 5, 6});
  SampleObject object;
  const ObjectValues values(object.record, object);
  const auto lines = picture(described("MONOCHROME2", 3, 2, 8), as_bytes(bytes), FrameAttributes({}, 1), values, {});
  std::vector<uint8_t> part(2);
  lines->read(1, 1, part);
  CHECK(part == std::vector<uint8_t>{5, 6});
}

TEST_CASE("colours in RGB, and in YBR by the equations of the standard") {
  CHECK(shown(described("RGB", 2, 1, 8, 3), octets({1, 2, 3, 4, 5, 6})) == Pixels{1, 2, 3, 4, 5, 6});
  CHECK(shown(described("YBR_ICT", 1, 1, 8, 3), octets({1, 2, 3})) == Pixels{1, 2, 3});
  // Pure red, green and blue of PS3.3 C.7.6.3.1.2.
  CHECK(shown(described("YBR_FULL", 3, 1, 8, 3), octets({76, 85, 255, 150, 44, 21, 29, 255, 107})) ==
        Pixels{254, 0, 0, 0, 255, 1, 0, 0, 254});
  CHECK(shown(described("YBR_PARTIAL_420", 2, 1, 8, 3), octets({16, 128, 128, 235, 128, 128})) ==
        Pixels{0, 0, 0, 255, 255, 255});
}

TEST_CASE("colours of more than 8 bits are brought to 8") {
  CHECK(shown(described("RGB", 1, 1, 16, 3), words({0, 32768, 65535})) == Pixels{0, 128, 255});
  auto twelve = described("RGB", 1, 1, 16, 3);
  twelve.bits_stored = 12;
  twelve.high_bit = 11;
  CHECK(shown(twelve, words({0xf000, 2048, 4095})) == Pixels{0, 128, 255});
  CHECK(shown(described("RGB", 1, 1, 32, 3), octets({0, 0, 0, 0x80, 255, 255, 255, 255, 0, 0, 0, 0})) ==
        Pixels{128, 255, 0});
}

TEST_CASE("a palette gives values their colours") {
  CHECK(shown(described("PALETTE COLOR", 3, 1, 8), octets({0, 4, 5}), palette_header()) ==
        Pixels{10, 20, 30, 10, 20, 30, 11, 21, 31});
  CHECK(shown(described("PALETTE COLOR", 2, 1, 16), words({4, 5}), palette_header()) == Pixels{10, 20, 30, 11, 21, 31});
}

TEST_CASE("a supplemental palette colours the values from its first one on, the others are grey") {
  const auto header = palette_header().cs(kPixelPresentation, "COLOR").ds(kWindowCenter, "2").ds(kWindowWidth, "4");
  CHECK(shown(described("MONOCHROME2", 3, 1, 16), words({0, 3, 5}), header) ==
        Pixels{0, 0, 0, 255, 255, 255, 11, 21, 31});
}

TEST_CASE("palettes that the header leaves out for their length are read from the object") {
  std::string table(131072, '\0');
  table[2 * 5 + 1] = 77;  // entry 5
  auto header = palette_header();
  for (uint32_t c = 0; c < 3; ++c) header.us(dicom::Tag(kRedPaletteDescriptor.value + c), {0, 0, 16});
  header.remove(kRedPaletteData);
  SampleObject object;
  object.bytes = "xx" + table;
  object.bulk = {{kRedPaletteData.value, {'O', 'W'}, {}, 2, 131072}};
  const auto d = described("PALETTE COLOR", 1, 1, 16);
  CHECK(shown(d, words({5}), header, object)[0] == 77);
  object.record.transfer_syntax_uid = "1.2.840.10008.1.2.2";
  std::swap(object.bytes[2 + 10], object.bytes[2 + 11]);
  CHECK(shown(d, words({5}), header, object)[0] == 77);
  object.bulk[0].offset = UINT64_MAX;
  CHECK(code_of([&] { shown(d, words({5}), header, object); }) == Code::unsupported);
}

TEST_CASE("what can't be a picture is an Error") {
  const auto code = [](const PixelDescription& d, const std::string& bytes) {
    return code_of([&] { shown(d, bytes); });
  };
  CHECK(code(described("MONOCHROME2", 2, 2, 8), octets({1, 2, 3})) == Code::corrupt);
  CHECK(code(described("RGB", 1, 1, 8, 3), octets({1, 2})) == Code::corrupt);
  CHECK(code(described("MONOCHROME2", 0, 2, 8), "") == Code::corrupt);
  CHECK(code(described("MONOCHROME2", 2, 0, 8), "") == Code::corrupt);
  CHECK(code(described("PALETTE COLOR", 1, 1, 8), octets({1})) == Code::corrupt);
  CHECK(code(described("HSV", 1, 1, 8, 3), octets({1, 2, 3})) == Code::unsupported);
  CHECK(code(described("CMYK", 1, 1, 8, 4), octets({1, 2, 3, 4})) == Code::unsupported);
  CHECK(code(described("RGB", 1, 1, 8, 1), octets({1})) == Code::unsupported);
  CHECK(code(described("MONOCHROME2", 1, 1, 64), octets({1, 2, 3, 4, 5, 6, 7, 8})) == Code::unsupported);
}

TEST_CASE("without a Photometric Interpretation the samples decide") {
  CHECK(shown(described("", 1, 1, 8), octets({9})) == Pixels{9});
  CHECK(shown(described("", 1, 1, 8, 3), octets({9, 8, 7})) == Pixels{9, 8, 7});
}

TEST_CASE("an ICC profile is the object's or its optical path's, and for RGB") {
  const auto profile_of = [](const SampleHeader& header) {
    SampleObject object;
    object.record.header = header.view().bytes();
    return icc_profile(ObjectValues(object.record, object)).size();
  };
  std::string profile(131, '\0');
  profile.replace(0, 4, octets({0, 0, 0, 131}));
  profile.replace(16, 4, "RGB ");
  CHECK(profile_of(SampleHeader().text(kIccProfile, "OB", profile)) == 131);
  CHECK(profile_of(SampleHeader().items(kOpticalPathSequence, {SampleHeader().text(kIccProfile, "OB", profile)})) ==
        131);
  CHECK(profile_of(SampleHeader()) == 0);
  profile.replace(0, 4, octets({0, 0, 1, 131}));
  CHECK(profile_of(SampleHeader().text(kIccProfile, "OB", profile)) == 0);
  profile.replace(16, 4, "GRAY");
  CHECK(profile_of(SampleHeader().text(kIccProfile, "OB", profile)) == 0);
  CHECK(profile_of(SampleHeader().text(kIccProfile, "OB", "RGB")) == 0);
}
