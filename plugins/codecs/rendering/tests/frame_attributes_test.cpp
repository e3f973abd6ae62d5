#include "rendering/frame_attributes.hpp"

#include <catch2/catch.hpp>

#include "rendering/tests/sample_header.hpp"

using namespace fermata;
using namespace fermata::codecs::rendering;
using namespace fermata::codecs::rendering::testing;

namespace {

SampleHeader window_group(std::string_view center) {
  return SampleHeader().items(kFrameVoiLutSequence, {SampleHeader().ds(kWindowCenter, center)});
}

std::optional<double> center(const SampleHeader& header, uint64_t frame) {
  return decimal(FrameAttributes(header.view(), frame).macro(kFrameVoiLutSequence), kWindowCenter);
}

}  // namespace

TEST_CASE("a frame's own functional group goes before the shared one, that before the object") {
  auto header = SampleHeader().ds(kWindowCenter, "1");
  CHECK(center(header, 1) == 1.0);
  header.items(kSharedFunctionalGroupsSequence, {window_group("2")});
  CHECK(center(header, 1) == 2.0);
  header.items(kPerFrameFunctionalGroupsSequence, {window_group("31"), SampleHeader(), window_group("33")});
  CHECK(center(header, 1) == 31.0);
  CHECK(center(header, 2) == 2.0);
  CHECK(center(header, 3) == 33.0);
  CHECK(center(header, 4) == 2.0);
}

TEST_CASE("decimal strings are read with their padding, sign and multiplicity") {
  const auto sample = SampleHeader()
                          .ds(kWindowCenter, " +40.5 \\-1e3\\")
                          .ds(kWindowWidth, "4,5")
                          .ds(kRescaleSlope, "")
                          .ds(kRescaleIntercept, "nan");
  const auto header = sample.view();
  CHECK(decimal(header, kWindowCenter) == 40.5);
  CHECK(decimal(header, kWindowCenter, 1) == -1000.0);
  CHECK_FALSE(decimal(header, kWindowCenter, 2));
  CHECK_FALSE(decimal(header, kWindowCenter, 3));
  CHECK_FALSE(decimal(header, kWindowWidth));
  CHECK_FALSE(decimal(header, kRescaleSlope));
  CHECK_FALSE(decimal(header, kRescaleIntercept));
  CHECK_FALSE(decimal(header, kPixelSpacing));
}

TEST_CASE("a sequence without items, or what is none, has no first item") {
  const auto header = SampleHeader().items(kVoiLutSequence, {}).us(kModalityLutSequence, {1});
  CHECK_FALSE(first_item(header.view(), kVoiLutSequence));
  CHECK_FALSE(first_item(header.view(), kModalityLutSequence));
}
