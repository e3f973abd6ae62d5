#include "rendering/grey_scale.hpp"

#include <catch2/catch.hpp>
#include <limits>

#include "rendering/tests/sample_header.hpp"
#include "rendering/value_range.hpp"

using namespace fermata;
using namespace fermata::codecs::rendering;
using namespace fermata::codecs::rendering::testing;
using Function = fermata::Rendering::Voi;

namespace {

const CellFormat kSigned16(16, 16, 15, true);
const CellFormat kUnsigned16(16, 16, 15, false);

struct Scene {
  std::string pixels;
  CellFormat format = kSigned16;
  SampleHeader header;

  StoredValues values() const { return {as_bytes(pixels), format, pixels.size() * 8 / format.bits_allocated()}; }
  GreyScale grey(std::optional<Window> asked = {}, bool monochrome1 = false) const {
    return grey_scale(FrameAttributes(header.view(), 1), values(), asked, monochrome1);
  }
};

SampleHeader ct() {
  return SampleHeader()
      .ds(kRescaleSlope, "2")
      .ds(kRescaleIntercept, "-1024")
      .ds(kWindowCenter, "0.5")
      .ds(kWindowWidth, "256");
}

}  // namespace

TEST_CASE("rescale comes before the window") {
  const Scene scene{words({0}), kUnsigned16, ct()};
  const auto grey = scene.grey();
  CHECK(grey(448) == 0);    // 448 * 2 - 1024 = -128
  CHECK(grey(512) == 128);  // 0: (0 - 0) / 255 + 0.5
  CHECK(grey(576) == 255);
}

TEST_CASE("what a client asks for replaces the object's window, in units after rescale") {
  const Scene scene{words({0}), kUnsigned16, ct()};
  const auto grey = scene.grey(Window{Function::linear_exact, -1024, 400});
  CHECK(grey(0) == 128);
  CHECK(grey(60) == 204);  // (120 / 400 + 0.5) * 255
}

TEST_CASE("a Modality LUT is applied, in XA images it is left out") {
  const auto lut = SampleHeader().ss(kLutDescriptor, {2, -1, 16}).text(kLutData, "OW", words({1000, 3000}));
  Scene scene{words({-1, 0}), kSigned16, SampleHeader().items(kModalityLutSequence, {lut})};
  CHECK(modality(FrameAttributes(scene.header.view(), 1), true)(0) == 3000);
  CHECK(modality(FrameAttributes(scene.header.view(), 1), true)(-9) == 1000);
  scene.header.text(dicom::kSopClassUid, "UI", "1.2.840.10008.5.1.4.1.1.12.1");
  CHECK(modality(FrameAttributes(scene.header.view(), 1), true)(-9) == -9);
}

TEST_CASE("a slope of 0 or none at all changes nothing") {
  CHECK(modality(FrameAttributes(SampleHeader().ds(kRescaleSlope, "0").view(), 1), false).changes_nothing());
  CHECK(modality(FrameAttributes(SampleHeader().view(), 1), false).changes_nothing());
  const auto only = SampleHeader().ds(kRescaleIntercept, "-5");
  CHECK(modality(FrameAttributes(only.view(), 1), false)(1) == -4);
}

TEST_CASE("the rescale and window of a frame's functional groups hold") {
  const auto group = [](std::string_view intercept, std::string_view center) {
    return SampleHeader()
        .items(kPixelValueTransformationSequence,
               {SampleHeader().ds(kRescaleSlope, "1").ds(kRescaleIntercept, intercept)})
        .items(kFrameVoiLutSequence, {SampleHeader().ds(kWindowCenter, center).ds(kWindowWidth, "1")});
  };
  const auto header = SampleHeader().items(kPerFrameFunctionalGroupsSequence, {group("0", "10"), group("100", "50")});
  const auto pixels = words({0});
  const StoredValues values(as_bytes(pixels), kSigned16, 1);
  const auto first = grey_scale(FrameAttributes(header.view(), 1), values, {}, false);
  CHECK(first(9) == 0);
  CHECK(first(10) == 255);
  const auto second = grey_scale(FrameAttributes(header.view(), 2), values, {}, false);
  CHECK(second(-51) == 0);
  CHECK(second(-50) == 255);
}

TEST_CASE("without a window the frame's smallest value is black, its largest white") {
  const Scene scene{words({-100, 0, 155}), kSigned16, SampleHeader().ds(kRescaleSlope, "10")};
  const auto grey = scene.grey();
  CHECK(grey(-100) == 0);
  CHECK(grey(0) == 100);
  CHECK(grey(155) == 255);
}

TEST_CASE("a negative slope keeps the meaning's order") {
  const auto grey = Scene{words({0, 255}), kSigned16, SampleHeader().ds(kRescaleSlope, "-1")}.grey();
  CHECK(grey(0) == 255);
  CHECK(grey(255) == 0);
}

TEST_CASE("padding is left out of the range") {
  Scene scene{words({-2000, -1990, 0, 255}), kSigned16, SampleHeader().ss(kPixelPaddingValue, {-2000})};
  CHECK(scene.grey()(-1990) == 0);
  CHECK(scene.grey()(0) == 226);
  scene.header.ss(kPixelPaddingRangeLimit, {-1500});
  CHECK(scene.grey()(0) == 0);
  CHECK(scene.grey()(100) == 100);
  // The limit may stand on either side, and be written as if it were unsigned.
  scene.header.ss(kPixelPaddingValue, {-1500}).us(kPixelPaddingRangeLimit, {-2000});
  CHECK(scene.grey()(100) == 100);
}

TEST_CASE("a frame of nothing but padding has a grey scale") {
  const Scene scene{words({5, 5}), kSigned16, SampleHeader().ss(kPixelPaddingValue, {5})};
  CHECK(scene.grey()(0) == 0);
}

TEST_CASE("spare bits are no part of the range") {
  const auto grey = Scene{words({0xf000, 0x80ff}), CellFormat(16, 12, 11, false), {}}.grey();
  CHECK(grey(0) == 0);
  CHECK(grey(255) == 255);
}

TEST_CASE("values of up to 8 bits are shown as they are") {
  const auto eight = Scene{octets({10, 20}), CellFormat(8, 8, 7, false), {}}.grey();
  CHECK(eight(10) == 10);
  CHECK(eight(200) == 200);
  const auto one = Scene{octets({0}), CellFormat(1, 1, 0, false), {}}.grey();
  CHECK(one(0) == 0);
  CHECK(one(1) == 255);
}

TEST_CASE("a segmentation is shown up to its Maximum Fractional Value, labels over their range") {
  const CellFormat eight(8, 8, 7, false);
  CHECK(Scene{octets({0, 50}), eight, SampleHeader().us(kMaximumFractionalValue, {100})}.grey()(100) == 255);
  CHECK(Scene{octets({0, 2}), eight, SampleHeader().cs(kSegmentationType, "LABELMAP")}.grey()(2) == 255);
}

TEST_CASE("MONOCHROME1 and INVERSE turn black and white round, and mean the same") {
  const Scene scene{octets({0}), CellFormat(8, 8, 7, false), SampleHeader()};
  CHECK(scene.grey({}, true)(0) == 255);
  CHECK(scene.grey({}, true)(200) == 55);
  const Scene inverse{octets({0}), CellFormat(8, 8, 7, false), SampleHeader().cs(kPresentationLutShape, "INVERSE")};
  CHECK(inverse.grey({}, false)(0) == 255);
  CHECK(inverse.grey({}, true)(0) == 255);
  const Scene identity{octets({0}), CellFormat(8, 8, 7, false), SampleHeader().cs(kPresentationLutShape, "IDENTITY")};
  CHECK(identity.grey({}, false)(0) == 0);
}

TEST_CASE("floating point values that are no numbers are left out, and black") {
  const auto nan = std::numeric_limits<float>::quiet_NaN();
  const float floats[] = {0.5f, nan, std::numeric_limits<float>::infinity(), 1.5f, -9.f};
  const StoredValues values(std::as_bytes(std::span(floats)), StoredValues::Kind::float32, 5);
  SampleHeader header;
  const float pad = -9.f;
  header.text(kFloatPixelPaddingValue, "FL", std::string_view(reinterpret_cast<const char*>(&pad), 4));
  const auto grey = grey_scale(FrameAttributes(header.view(), 1), values, {}, false);
  CHECK(grey(0.5) == 0);
  CHECK(grey(1.0) == 128);
  CHECK(grey(1.5) == 255);
  CHECK(grey(nan) == 0);
  CHECK(grey(std::numeric_limits<double>::infinity()) == 255);
}

TEST_CASE("values of 32 bits have their range") {
  const auto bytes = octets({0, 0, 0, 0x80, 0xff, 0xff, 0xff, 0xff});
  const StoredValues values(as_bytes(bytes), CellFormat(32, 32, 31, false), 2);
  const auto grey = grey_scale(FrameAttributes({}, 1), values, {}, false);
  CHECK(grey(2147483648.0) == 0);
  CHECK(grey(4294967295.0) == 255);
}
