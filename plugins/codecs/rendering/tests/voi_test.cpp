#include "rendering/voi.hpp"

#include <catch2/catch.hpp>
#include <limits>

#include "fermata/testing/threads_and_errors.hpp"
#include "rendering/tests/sample_header.hpp"

using namespace fermata;
using namespace fermata::codecs::rendering;
using namespace fermata::codecs::rendering::testing;
using fermata::testing::code_of;
using Function = fermata::Rendering::Voi;

namespace {

/// The value that PS3.3 C.11.2.1.2.1 computes for an output from 0 to 255.
double output(const Window& window, double x) { return window(x) * 255; }

std::optional<Voi> voi_of(const SampleHeader& header, ValueRange range = {-1024, 3071}) {
  return voi(FrameAttributes(header.view(), 1), range);
}

fermata::Rendering asked(double center, double width, Function function = Function::linear) {
  fermata::Rendering r;
  r.has_window = true;
  r.voi = function;
  r.window_center = center;
  r.window_width = width;
  return r;
}

}  // namespace

// The three examples of PS3.3 C.11.2.1.2.1, Note 3, for y from 0 to 255.
TEST_CASE("LINEAR: center 2048, width 4096") {
  const Window w{Function::linear, 2048, 4096};
  CHECK(output(w, 0) == 0);
  CHECK(output(w, 4095) == Approx(255));
  CHECK(output(w, 4096) == 255);
  CHECK(output(w, 2047.5) == Approx(127.5));
  CHECK(output(w, 1000) == Approx((1000 - 2047.5) / 4095 * 255 + 127.5));
}
TEST_CASE("LINEAR: center 2048, width 1 is a threshold") {
  const Window w{Function::linear, 2048, 1};
  CHECK(output(w, 2047) == 0);
  CHECK(output(w, 2047.5) == 0);
  CHECK(output(w, 2048) == 255);
}
TEST_CASE("LINEAR: center 0, width 100") {
  const Window w{Function::linear, 0, 100};
  CHECK(output(w, -50) == 0);
  CHECK(output(w, 49) == Approx(255));
  CHECK(output(w, 50) == 255);
  CHECK(output(w, 0) == Approx((0.5 / 99 + 0.5) * 255));
}

TEST_CASE("LINEAR with center 2^(n-1) and width 2^n is the identity") {
  const Window w{Function::linear, 128, 256};
  for (int x = 0; x < 256; ++x) CHECK(output(w, x) == Approx(x).margin(1e-9));
}

// PS3.3 C.11.2.1.3.2.
TEST_CASE("LINEAR_EXACT has its ends at half a width from the center") {
  const Window w{Function::linear_exact, 0, 100};
  CHECK(output(w, -50) == 0);
  CHECK(output(w, 50) == Approx(255));
  CHECK(output(w, 0) == Approx(127.5));
  CHECK(output(w, 25) == Approx(0.75 * 255));
  CHECK(output(w, 51) == 255);
  CHECK(output(Window{Function::linear_exact, 0.5, 0.5}, 0.5) == Approx(127.5));
}

// PS3.3 C.11.2.1.3.1.
TEST_CASE("SIGMOID is half in the center and never quite black or white") {
  const Window w{Function::sigmoid, 100, 50};
  CHECK(w(100) == 0.5);
  CHECK(w(125) == Approx(1 / (1 + std::exp(-2.0))));
  CHECK(w(75) == Approx(1 / (1 + std::exp(2.0))));
  CHECK(w(50) == Approx(0.017986));
  CHECK(w(1e308) == 1);
  CHECK(w(-1e308) == 0);
}

TEST_CASE("the first of several windows holds, with its function") {
  const auto v = voi_of(SampleHeader().ds(kWindowCenter, "40\\600").ds(kWindowWidth, "400\\2000"));
  REQUIRE(v);
  CHECK((*v)(-160.0) == 0);
  CHECK((*v)(239.0) == Approx(1));
  const auto s = voi_of(SampleHeader().ds(kWindowCenter, "0").ds(kWindowWidth, "4").cs(kVoiLutFunction, "SIGMOID"));
  CHECK((*s)(1.0) == Approx(1 / (1 + std::exp(-1.0))));
  const auto e =
      voi_of(SampleHeader().ds(kWindowCenter, "0").ds(kWindowWidth, "4").cs(kVoiLutFunction, "LINEAR_EXACT"));
  CHECK((*e)(1.0) == Approx(0.75));
}

TEST_CASE("an object's window that can't be applied is none") {
  for (const char* width : {"0", "-5", "nan", "wide", ""})
    CHECK_FALSE(voi_of(SampleHeader().ds(kWindowCenter, "40").ds(kWindowWidth, width)));
  CHECK_FALSE(voi_of(SampleHeader().ds(kWindowCenter, "40")));
  CHECK_FALSE(voi_of(SampleHeader()));
}

TEST_CASE("a LINEAR window narrower than 1 is LINEAR_EXACT") {
  const auto v = voi_of(SampleHeader().ds(kWindowCenter, "0.5").ds(kWindowWidth, "0.5"));
  REQUIRE(v);
  CHECK((*v)(0.25) == 0);
  CHECK((*v)(0.5) == Approx(0.5));
  CHECK((*v)(0.75) == Approx(1));
}

TEST_CASE("a VOI LUT goes before the window, with its first input signed where inputs are") {
  const auto item = SampleHeader().us(kLutDescriptor, {3, 0xfff6, 10}).text(kLutData, "OW", words({0, 511, 1023}));
  const auto header = SampleHeader().items(kVoiLutSequence, {item}).ds(kWindowCenter, "40").ds(kWindowWidth, "400");
  const auto v = voi_of(header);
  REQUIRE(v);
  CHECK((*v)(-11.0) == 0);
  CHECK((*v)(-9.0) == Approx(511.0 / 1023));
  CHECK((*v)(-8.0) == 1);
  const auto u = voi_of(header, {0, 65535});
  CHECK((*u)(65527.0) == Approx(511.0 / 1023));
  CHECK((*u)(0.0) == 0);
}

TEST_CASE("a VOI LUT without entries gives way to the window") {
  const auto item = SampleHeader().us(kLutDescriptor, {3, 0, 10}).text(kLutData, "OW", "");
  const auto v = voi_of(SampleHeader().items(kVoiLutSequence, {item}).ds(kWindowCenter, "0").ds(kWindowWidth, "3"));
  REQUIRE(v);
  CHECK((*v)(-0.5) == Approx(0.5));
}

TEST_CASE("a client's window must be one") {
  CHECK_FALSE(asked_window({}));
  CHECK(asked_window(asked(40, 400))->width == 400);
  CHECK(asked_window(asked(40, 0.5))->function == Function::linear_exact);
  CHECK(asked_window(asked(40, 0.5, Function::sigmoid))->function == Function::sigmoid);
  const auto nan = std::numeric_limits<double>::quiet_NaN();
  const auto infinity = std::numeric_limits<double>::infinity();
  for (const auto& bad :
       {asked(0, 0), asked(0, -1), asked(0, nan), asked(nan, 1), asked(infinity, 1), asked(0, infinity)})
    CHECK(code_of([&] { asked_window(bad); }) == Code::invalid);
}

TEST_CASE("a window over a range has its ends black and white; over one value it is black") {
  const auto w = window_over({-1000, 3000});
  CHECK(output(w, -1000) == 0);
  CHECK(output(w, 3000) == Approx(255));
  CHECK(output(w, 1000) == Approx(127.5));
  CHECK(output(window_over({7, 7}), 7) == 0);
}
