#include "rendering/geometry.hpp"

#include <catch2/catch.hpp>
#include <limits>

#include "fermata/testing/threads_and_errors.hpp"
#include "rendering/tests/sample_header.hpp"

using namespace fermata;
using namespace fermata::codecs::rendering;
using namespace fermata::codecs::rendering::testing;
using fermata::testing::code_of;

namespace {

fermata::Rendering viewport(uint32_t width, uint32_t height) {
  fermata::Rendering r;
  r.viewport_width = width;
  r.viewport_height = height;
  return r;
}
fermata::Rendering region(double x, double y, double width, double height) {
  fermata::Rendering r;
  r.source_x = x;
  r.source_y = y;
  r.source_width = width;
  r.source_height = height;
  return r;
}
using Size = std::pair<uint32_t, uint32_t>;
Size size(const Geometry& g) { return {g.horizontal.target, g.vertical.target}; }
double ratio_of(const SampleHeader& header) { return aspect_ratio(FrameAttributes(header.view(), 1)); }

}  // namespace

TEST_CASE("without wishes a picture has the frame's pixels, however many") {
  CHECK(size(geometry(512, 256, 1, {})) == Size{512, 256});
  CHECK(size(geometry(60000, 20000, 1, {})) == Size{60000, 20000});
}

TEST_CASE("a picture is as large as the viewport lets it be and keeps its aspect ratio") {
  CHECK(size(geometry(512, 256, 1, viewport(128, 128))) == Size{128, 64});
  CHECK(size(geometry(256, 512, 1, viewport(128, 128))) == Size{64, 128});
  CHECK(size(geometry(64, 64, 1, viewport(1000, 500))) == Size{500, 500});
  CHECK(size(geometry(512, 256, 1, viewport(100, 0))) == Size{100, 50});
  CHECK(size(geometry(512, 256, 1, viewport(0, 100))) == Size{200, 100});
  CHECK(size(geometry(10000, 10000, 1, viewport(1, 1))) == Size{1, 1});
  CHECK(size(geometry(60000, 1, 1, viewport(100, 100))) == Size{100, 1});
}

TEST_CASE("a viewport beyond all measure is limited") {
  CHECK(size(geometry(2, 1, 1, viewport(4000000000u, 4000000000u))) == Size{8192, 4096});
  CHECK(size(geometry(1, 60000, 1, viewport(100, 0))) == Size{1, 8192});
}

TEST_CASE("pixels that are no squares are stretched in the direction in which they are longer") {
  CHECK(size(geometry(100, 100, 2, {})) == Size{100, 200});
  CHECK(size(geometry(100, 100, 0.5, {})) == Size{200, 100});
  CHECK(size(geometry(100, 100, 2, viewport(50, 50))) == Size{25, 50});
  CHECK(size(geometry(60000, 30000, 2, {})) == Size{30000, 30000});
}

TEST_CASE("a source region is cut out, and mirrored by a negative size") {
  const auto g = geometry(512, 256, 1, region(10.5, 20, 100, -50));
  CHECK(g.horizontal.start == 10.5);
  CHECK(g.horizontal.length == 100);
  CHECK_FALSE(g.horizontal.mirrored);
  CHECK(g.vertical.length == 50);
  CHECK(g.vertical.mirrored);
  CHECK(size(g) == Size{100, 50});
  CHECK(size(geometry(512, 256, 1, region(12, 6, 0, 0))) == Size{500, 250});
  CHECK(size(geometry(512, 256, 1, region(0, 0, 0.01, 0.01))) == Size{1, 1});
}

TEST_CASE("a region that juts out is cut at the edge, one that lies outside is an Error") {
  CHECK(size(geometry(512, 256, 1, region(500, -10, 100, 30))) == Size{12, 20});
  const auto nan = std::numeric_limits<double>::quiet_NaN();
  const auto infinity = std::numeric_limits<double>::infinity();
  for (const auto& r : {region(512, 0, 10, 10), region(0, 256, 10, 10), region(-20, 0, 10, 10), region(600, 0, 0, 0),
                        region(nan, 0, 1, 1), region(0, 0, infinity, 1), region(0, -infinity, 1, 1)})
    CHECK(code_of([&] { geometry(512, 256, 1, r); }) == Code::invalid);
}

TEST_CASE("a pixel's height by its width comes from the spacing first") {
  CHECK(ratio_of(SampleHeader()) == 1);
  CHECK(ratio_of(SampleHeader().text(kPixelAspectRatio, "IS", "4\\3")) == Approx(4.0 / 3));
  auto header = SampleHeader().text(kPixelAspectRatio, "IS", "4\\3").ds(kNominalScannedPixelSpacing, "3\\1");
  CHECK(ratio_of(header) == 3);
  CHECK(ratio_of(header.ds(kImagerPixelSpacing, "5\\1")) == 5);
  CHECK(ratio_of(header.ds(kPixelSpacing, "0.5\\1")) == 0.5);
  const auto measures = SampleHeader().items(kPixelMeasuresSequence, {SampleHeader().ds(kPixelSpacing, "1\\4")});
  CHECK(ratio_of(header.items(kSharedFunctionalGroupsSequence, {measures})) == 0.25);
}

TEST_CASE("an aspect ratio that can't be is none") {
  for (const char* spacing : {"0\\1", "1\\0", "-1\\1", "1", "1000\\1", "1\\1000", "1.0001\\1"})
    CHECK(ratio_of(SampleHeader().ds(kPixelSpacing, spacing)) == 1);
}
