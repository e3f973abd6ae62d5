#include "rendering/image_writer.hpp"

#include <catch2/catch.hpp>
#include <cstdlib>

#include "fermata/testing/threads_and_errors.hpp"
#include "rendering/tests/decoded_picture.hpp"
#include "rendering/tests/sample_header.hpp"

using namespace fermata;
using namespace fermata::codecs::rendering;
using namespace fermata::codecs::rendering::testing;
using fermata::testing::code_of;

namespace {

std::vector<uint8_t> gradient(uint32_t width, uint32_t height, unsigned channels) {
  std::vector<uint8_t> pixels;
  for (uint32_t y = 0; y < height; ++y)
    for (uint32_t x = 0; x < width; ++x)
      for (unsigned c = 0; c < channels; ++c) pixels.push_back(static_cast<uint8_t>(x + y + 40 * c));
  return pixels;
}

std::unique_ptr<RenderedFrame> written(const char* media_type, const PictureForm& form,
                                       const std::vector<uint8_t>& pixels) {
  const auto writer = writer_for(media_type)(form);
  const std::size_t line = std::size_t{form.width} * form.channels;
  for (std::size_t at = 0; at < pixels.size(); at += line) writer->line(std::span(pixels).subspan(at, line));
  return writer->finish();
}

int largest_difference(const std::vector<uint8_t>& a, const std::vector<uint8_t>& b) {
  REQUIRE(a.size() == b.size());
  int largest = 0;
  for (std::size_t i = 0; i < a.size(); ++i) largest = std::max(largest, std::abs(a[i] - b[i]));
  return largest;
}

/// What libpng takes for a profile of a display's RGB: a header, no tags, and something that does not compress to
/// nothing.
std::string profile() {
  std::string p(132, '\0');
  for (int i = 0; i < 100; ++i) p += static_cast<char>(i * i);
  p.replace(0, 4, octets({0, 0, 0, 232}));
  p.replace(8, 4, octets({2, 0x10, 0, 0}));
  p.replace(12, 12, "mntrRGB XYZ ");
  p.replace(36, 4, "acsp");
  p.replace(68, 12, octets({0, 0, 0xf6, 0xd6, 0, 1, 0, 0, 0, 0, 0xd3, 0x2d}));
  return p;
}

}  // namespace

TEST_CASE("a PNG has exactly the pixels it was made of") {
  for (const unsigned channels : {1u, 3u}) {
    const auto pixels = gradient(70, 50, channels);
    const auto picture = decode_png(written("image/png", {70, 50, channels}, pixels)->bytes());
    CHECK(picture.width == 70);
    CHECK(picture.height == 50);
    CHECK(picture.channels == channels);
    CHECK(picture.pixels == pixels);
  }
}

TEST_CASE("a JPEG is close to the pixels it was made of, the closer the better its quality") {
  for (const unsigned channels : {1u, 3u}) {
    const auto pixels = gradient(70, 50, channels);
    const auto good = written("image/jpeg", {70, 50, channels, 100}, pixels);
    const auto poor = written("image/jpeg", {70, 50, channels, 5}, pixels);
    const auto picture = decode_jpeg(good->bytes());
    CHECK(picture.channels == channels);
    CHECK(largest_difference(picture.pixels, pixels) <= 3);
    CHECK(poor->bytes().size() < good->bytes().size());
  }
}

TEST_CASE("colours share chrominance only below quality 90") {
  const auto pixels = gradient(16, 16, 3);
  CHECK(decode_jpeg(written("image/jpeg", {16, 16, 3, 0}, pixels)->bytes()).full_chroma);
  CHECK(decode_jpeg(written("image/jpeg", {16, 16, 3, 90}, pixels)->bytes()).full_chroma);
  CHECK_FALSE(decode_jpeg(written("image/jpeg", {16, 16, 3, 89}, pixels)->bytes()).full_chroma);
}

TEST_CASE("a JPEG longer than the library's buffer is whole") {
  std::vector<uint8_t> noise(700 * 700);
  uint32_t state = 1;
  for (auto& v : noise) v = static_cast<uint8_t>((state = state * 1664525 + 1013904223) >> 24);
  const auto jpeg = written("image/jpeg", {700, 700, 1, 95}, noise);
  CHECK(jpeg->bytes().size() > 200000);
  CHECK(decode_jpeg(jpeg->bytes()).pixels.size() == noise.size());
}

TEST_CASE("an ICC profile goes along; one that is wrong does no harm") {
  const auto icc = profile();
  const auto pixels = gradient(8, 8, 3);
  PictureForm form{8, 8, 3};
  form.icc_profile = as_bytes(icc);
  CHECK(decode_jpeg(written("image/jpeg", form, pixels)->bytes()).icc_profile == 232);
  CHECK(decode_png(written("image/png", form, pixels)->bytes()).icc_profile == 232);
  const std::string rubbish(200, 'x');
  form.icc_profile = as_bytes(rubbish);
  CHECK(decode_png(written("image/png", form, pixels)->bytes()).pixels == pixels);
}

TEST_CASE("a writer may end before its picture") {
  const auto pixels = gradient(100, 1, 1);
  for (const char* type : {"image/jpeg", "image/png"}) {
    const auto writer = writer_for(type)({100, 100, 1});
    writer->line(pixels);
    CHECK(code_of([&] { writer->finish(); }) == Code::internal);
  }
}

TEST_CASE("pictures are JPEG or PNG, and a JPEG is at most 65500 pixels wide") {
  for (const char* type : {"image/gif", "image/jp2", "video/mp4", ""})
    CHECK(code_of([&] { writer_for(type); }) == Code::unsupported);
  CHECK(code_of([] { writer_for("image/jpeg")({65501, 1, 1}); }) == Code::unsupported);
  CHECK(code_of([] { writer_for("image/png")({65501, 1, 1}); }) == fermata::testing::kNoError);
}
