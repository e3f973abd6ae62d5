#include "rendering/resampling.hpp"

#include <catch2/catch.hpp>
#include <functional>
#include <numeric>

using namespace fermata;
using namespace fermata::codecs::rendering;

namespace {

using Pixels = std::vector<int>;

/// A picture computed by a function of column, row and channel; counts what is read of it.
class Computed final : public LineSource {
 public:
  using Value = std::function<int(uint32_t, uint32_t, unsigned)>;
  Computed(uint32_t columns, uint32_t rows, unsigned channels, Value value)
      : LineSource(columns, rows, channels), value_(std::move(value)) {}
  void read(uint32_t row, uint32_t first, std::span<uint8_t> into) override {
    REQUIRE(row < rows());
    REQUIRE(first + into.size() / channels() <= columns());
    ++lines_read;
    for (std::size_t i = 0; i < into.size(); ++i)
      into[i] = static_cast<uint8_t>(
          value_(first + static_cast<uint32_t>(i / channels()), row, static_cast<unsigned>(i % channels())));
  }
  int lines_read = 0;

 private:
  Value value_;
};

class Kept final : public ImageWriter {
 public:
  void line(std::span<const uint8_t> line) override {
    pixels.insert(pixels.end(), line.begin(), line.end());
    ++lines;
  }
  std::unique_ptr<RenderedFrame> finish() override { return nullptr; }
  Pixels pixels;
  int lines = 0;
};

Pixels resampled(LineSource& source, const Axis& horizontal, const Axis& vertical) {
  Kept kept;
  resample(source, {horizontal, vertical}, kept);
  CHECK(kept.lines == static_cast<int>(vertical.target));
  return kept.pixels;
}

Computed numbered(uint32_t columns, uint32_t rows) {
  return {columns, rows, 1, [](uint32_t x, uint32_t y, unsigned) { return 10 * y + x; }};
}

}  // namespace

TEST_CASE("in its own size a picture is copied") {
  auto source = numbered(3, 2);
  CHECK(resampled(source, {0, 3, 3}, {0, 2, 2}) == Pixels{0, 1, 2, 10, 11, 12});
  CHECK(source.lines_read == 2);
}

TEST_CASE("a region is cut out and mirrored") {
  auto source = numbered(5, 4);
  CHECK(resampled(source, {1, 2, 2}, {2, 2, 2}) == Pixels{21, 22, 31, 32});
  CHECK(resampled(source, {1, 3, 3, true}, {0, 1, 1}) == Pixels{3, 2, 1});
  CHECK(resampled(source, {0, 1, 1}, {1, 3, 3, true}) == Pixels{30, 20, 10});
}

TEST_CASE("colours are mirrored as pixels") {
  Computed source(2, 1, 3, [](uint32_t x, uint32_t, unsigned c) { return 10 * x + c; });
  CHECK(resampled(source, {0, 2, 2, true}, {0, 1, 1}) == Pixels{10, 11, 12, 0, 1, 2});
}

TEST_CASE("shrinking averages the area that a pixel covers") {
  auto source = numbered(4, 2);
  CHECK(resampled(source, {0, 4, 2}, {0, 2, 1}) == Pixels{6, 8});  // 5.5, 7.5
  Computed steps(3, 1, 1, [](uint32_t x, uint32_t, unsigned) { return std::array{0, 90, 180}[x]; });
  CHECK(resampled(steps, {0, 3, 2}, {0, 1, 1}) == Pixels{30, 150});  // (0 + 90 / 2) / 1.5, (90 / 2 + 180) / 1.5
  Computed checks(100, 100, 3, [](uint32_t x, uint32_t y, unsigned) { return (x + y) % 2 * 200; });
  CHECK(resampled(checks, {0, 100, 1}, {0, 100, 1}) == Pixels{100, 100, 100});
}

TEST_CASE("shrinking reads every line once") {
  auto source = numbered(7, 1000);
  resampled(source, {0, 7, 3}, {0, 1000, 37});
  CHECK(source.lines_read == 1000);
}

TEST_CASE("enlarging goes through the pixels and reads each line about once") {
  Computed ramp(16, 16, 1, [](uint32_t x, uint32_t, unsigned) { return 10 * x; });
  const auto pixels = resampled(ramp, {0, 16, 48}, {0, 16, 48});
  CHECK(ramp.lines_read <= 20);
  REQUIRE(pixels.size() == 48 * 48);
  CHECK(pixels[3 * 5 + 1] == 50);            // the middle of source pixel 5
  CHECK(pixels[3 * 5 + 2] == 53);            // a third further
  CHECK(pixels[20 * 48 + 3 * 5 + 1] == 50);  // the same in every line
  CHECK(std::is_sorted(pixels.begin() + 3, pixels.begin() + 45));
}

TEST_CASE("enlarging does not leave the range of 8 bits") {
  Computed edge(8, 8, 3, [](uint32_t x, uint32_t y, unsigned) { return x < 4 && y < 4 ? 255 : 0; });
  const auto pixels = resampled(edge, {0, 8, 37}, {0, 8, 41, true});
  CHECK(*std::min_element(pixels.begin(), pixels.end()) == 0);
  CHECK(*std::max_element(pixels.begin(), pixels.end()) == 255);
}

TEST_CASE("a plain picture stays plain, whatever its scale") {
  for (const uint32_t target : {1u, 2u, 9u, 10u, 11u, 100u})
    for (const double start : {0.0, 0.25, 3.7}) {
      Computed plain(10, 10, 1, [](uint32_t, uint32_t, unsigned) { return 77; });
      const auto pixels = resampled(plain, {start, 10 - start, target}, {0, 10, target});
      CHECK(pixels == Pixels(std::size_t{target} * target, 77));
    }
}

TEST_CASE("one direction can shrink while the other grows") {
  Computed source(4, 1, 1, [](uint32_t x, uint32_t, unsigned) { return 10 * x; });
  CHECK(resampled(source, {0, 4, 2}, {0, 1, 3}) == Pixels{5, 25, 5, 25, 5, 25});
}

TEST_CASE("parts of a pixel, at the very edge too") {
  Computed source(3, 1, 1, [](uint32_t x, uint32_t, unsigned) { return 100 * x; });
  CHECK(resampled(source, {2.9, 0.1, 2}, {0.99, 0.01, 1}) == Pixels{200, 200});
  CHECK(resampled(source, {0, 0.2, 1}, {0, 1e-12, 1}) == Pixels{0});
}
