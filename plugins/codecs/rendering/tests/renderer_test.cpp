#include "rendering/renderer.hpp"

#include <catch2/catch.hpp>
#include <limits>

#include "fermata/testing/threads_and_errors.hpp"
#include "rendering/tests/decoded_picture.hpp"
#include "rendering/tests/sample_header.hpp"
#include "rendering/tests/sample_object.hpp"

using namespace fermata;
using namespace fermata::codecs;
using namespace fermata::codecs::rendering;
using namespace fermata::codecs::rendering::testing;
using fermata::testing::code_of;

namespace {

constexpr dicom::Tag kRows{0x0028, 0x0010};
constexpr dicom::Tag kColumns{0x0028, 0x0011};
constexpr dicom::Tag kNumberOfFrames{0x0028, 0x0008};
constexpr const char* kExplicitLittleEndian = "1.2.840.10008.1.2.1";

/// An image of 8 bits: two frames of 4 x 3 pixels, with the values from 0 on and from 100 on.
struct Image {
  Image() {
    header.us(kRows, {3}).us(kColumns, {4}).us({0x0028, 0x0002}, {1}).cs({0x0028, 0x0004}, "MONOCHROME2");
    header.text(kNumberOfFrames, "IS", "2");
    header.us({0x0028, 0x0100}, {8}).us({0x0028, 0x0101}, {8}).us({0x0028, 0x0102}, {7}).us({0x0028, 0x0103}, {0});
    object.bytes.assign(10, 'x');
    for (int frame = 0; frame < 2; ++frame)
      for (int i = 0; i < 12; ++i) object.bytes.push_back(static_cast<char>(100 * frame + i));
    object.bulk = {{0x7fe00010, {'O', 'B'}, {}, 10, 24}};
    object.record.transfer_syntax_uid = kExplicitLittleEndian;
    object.record.sop_class_uid = "1.2.840.10008.5.1.4.1.1.7.2";
  }
  std::unique_ptr<RenderedFrame> render(const fermata::Rendering& wanted) {
    auto copy = std::make_unique<SampleObject>(object);
    copy->record.header = header.view().bytes();
    const auto record = copy->record;
    return Renderer(memory).render(record, std::move(copy), wanted);
  }
  Code code(const fermata::Rendering& wanted) {
    return code_of([&] { render(wanted); });
  }
  DecodedPicture png(const fermata::Rendering& wanted) { return decode_png(render(wanted)->bytes()); }

  SampleHeader header;
  SampleObject object;
  Memory memory{1 << 20};
};

fermata::Rendering as_png(uint64_t frame = 1) {
  fermata::Rendering r;
  r.frame = frame;
  r.media_type = "image/png";
  return r;
}

using Pixels = std::vector<uint8_t>;

}  // namespace

TEST_CASE("a frame becomes a picture of its own size") {
  Image image;
  const auto first = image.png(as_png());
  CHECK(first.width == 4);
  CHECK(first.height == 3);
  CHECK(first.channels == 1);
  CHECK(first.pixels == Pixels{0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11});
  CHECK(image.png(as_png(2)).pixels[0] == 100);
  const auto jpeg = decode_jpeg(image.render({})->bytes());
  CHECK(jpeg.width == 4);
  CHECK(jpeg.channels == 1);
}

TEST_CASE("window, region and viewport work together") {
  Image image;
  auto wanted = as_png(2);
  wanted.has_window = true;
  wanted.voi = fermata::Rendering::Voi::linear;
  wanted.window_center = 106;
  wanted.window_width = 1;
  CHECK(image.png(wanted).pixels == Pixels{0, 0, 0, 0, 0, 0, 255, 255, 255, 255, 255, 255});
  wanted.source_x = 1;
  wanted.source_y = 1;
  wanted.source_width = -3;
  wanted.source_height = 1;
  CHECK(image.png(wanted).pixels == Pixels{255, 255, 0});
  wanted.viewport_width = 12;
  wanted.viewport_height = 12;
  const auto large = image.png(wanted);
  CHECK(large.width == 12);
  CHECK(large.height == 4);
  CHECK(large.at(0, 0) == 255);
  CHECK(large.at(11, 3) == 0);
}

TEST_CASE("pixels that are no squares are shown as they are shaped") {
  Image image;
  image.header.ds(kPixelSpacing, "2\\1");
  CHECK(image.png(as_png()).height == 6);
  CHECK(image.png(as_png()).width == 4);
}

TEST_CASE("colours and their profile arrive") {
  Image image;
  image.header.us({0x0028, 0x0002}, {3}).cs({0x0028, 0x0004}, "RGB").us(kRows, {2}).us(kColumns, {2});
  image.header.us({0x0028, 0x0006}, {1});  // by plane
  const auto picture = image.png(as_png());
  CHECK(picture.channels == 3);
  CHECK(picture.pixels == Pixels{0, 4, 8, 1, 5, 9, 2, 6, 10, 3, 7, 11});
}

TEST_CASE("wishes that can't be are refused") {
  Image image;
  auto wanted = as_png();
  wanted.quality = 101;
  CHECK(image.code(wanted) == Code::invalid);
  wanted = as_png();
  wanted.media_type = "image/gif";
  CHECK(image.code(wanted) == Code::unsupported);
  for (const double width : {0.0, -1.0, std::numeric_limits<double>::quiet_NaN()}) {
    wanted = as_png();
    wanted.has_window = true;
    wanted.window_width = width;
    CHECK(image.code(wanted) == Code::invalid);
  }
  wanted = as_png();
  wanted.source_x = 4;
  wanted.source_width = 10;
  CHECK(image.code(wanted) == Code::invalid);
}

TEST_CASE("frames that there are not are not found") {
  Image image;
  for (const uint64_t frame : {uint64_t{0}, uint64_t{3}, std::numeric_limits<uint64_t>::max()})
    CHECK(image.code(as_png(frame)) == Code::not_found);
}

TEST_CASE("objects without pixels have no picture") {
  Image report;
  report.object.bulk.clear();
  CHECK(report.code(as_png()) == Code::unsupported);
  for (const auto tag : {kRows, kColumns}) {
    Image empty;
    empty.header.us(tag, {0});
    CHECK(empty.code(as_png()) == Code::unsupported);
    empty.header.remove(tag);
    CHECK(empty.code(as_png()) == Code::unsupported);
  }
}

TEST_CASE("a video and what nothing here decodes have no picture") {
  Image image;
  // An empty offset table, an empty fragment, the end (PS3.5 A.4).
  image.object.bytes =
      octets({0xfe, 0xff, 0, 0xe0, 0, 0, 0, 0, 0xfe, 0xff, 0, 0xe0, 0, 0, 0, 0, 0xfe, 0xff, 0xdd, 0xe0, 0, 0, 0, 0});
  image.object.bulk = {{0x7fe00010, {'O', 'B'}, {}, 0, UINT64_MAX}};
  for (const char* uid : {"1.2.840.10008.1.2.4.100", "1.2.840.10008.1.2.4.107", "1.2.3.4"}) {
    image.object.record.transfer_syntax_uid = uid;
    CHECK(image.code(as_png()) == Code::unsupported);
  }
}

TEST_CASE("pixel data that is cut short is corrupt") {
  Image image;
  image.object.bulk[0].length = 20;
  CHECK(image.code(as_png(1)) == fermata::testing::kNoError);
  CHECK(image.code(as_png(2)) == Code::corrupt);
}

TEST_CASE("the smallest and the largest viewport are served") {
  Image image;
  auto wanted = as_png();
  wanted.viewport_width = wanted.viewport_height = 1;
  CHECK(image.png(wanted).pixels.size() == 1);
  wanted.viewport_height = 1;
  wanted.viewport_width = std::numeric_limits<uint32_t>::max();
  CHECK(image.png(wanted).height == 1);
}
