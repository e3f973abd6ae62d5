#include "rendering/resampling.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <span>

namespace fermata::codecs::rendering {
namespace {

double catmull_rom(double distance) {
  const double d = std::abs(distance);
  if (d < 1) return (1.5 * d - 2.5) * d * d + 1;
  if (d < 2) return ((-0.5 * d + 2.5) * d - 4) * d + 2;
  return 0;
}

uint8_t sample(float v) { return static_cast<uint8_t>(std::clamp(v + 0.5f, 0.0f, 255.0f)); }

/// Lines of the part of the source that is shown. Neighbouring pixels need the same lines: the last four are kept.
class NeededLines {
 public:
  NeededLines(LineSource& source, const AxisWeights& horizontal) : source_(source), first_column_(horizontal.begin()) {
    for (auto& line : lines_)
      line.pixels.resize(std::size_t{horizontal.end() - horizontal.begin()} * source.channels());
  }
  std::span<const uint8_t> operator[](uint32_t row) {
    auto& line = lines_[row % lines_.size()];
    if (line.row != row) source_.read(row, first_column_, line.pixels);
    line.row = row;
    return line.pixels;
  }

 private:
  struct Line {
    uint64_t row = UINT64_MAX;
    std::vector<uint8_t> pixels;
  };
  LineSource& source_;
  uint32_t first_column_;
  std::array<Line, 4> lines_;
};

template <unsigned Channels>
void copy(NeededLines& lines, const AxisWeights& horizontal, const AxisWeights& vertical, ImageWriter& into) {
  std::vector<uint8_t> out(horizontal.taps().size() * Channels);
  for (const auto& v : vertical.taps()) {
    const auto line = lines[v.first];
    std::size_t at = 0;
    for (const auto& h : horizontal.taps())
      for (unsigned c = 0; c < Channels; ++c) out[at++] = line[(h.first - horizontal.begin()) * Channels + c];
    into.line(out);
  }
}

template <unsigned Channels>
void blend(NeededLines& lines, const AxisWeights& horizontal, const AxisWeights& vertical, ImageWriter& into) {
  std::vector<float> sum(std::size_t{horizontal.end() - horizontal.begin()} * Channels);
  std::vector<uint8_t> out(horizontal.taps().size() * Channels);
  for (const auto& v : vertical.taps()) {
    std::fill(sum.begin(), sum.end(), 0.0f);
    for (uint32_t i = 0; i < v.count; ++i) {
      const float weight = vertical.weights(v)[i];
      const uint8_t* line = lines[v.first + i].data();
      for (std::size_t x = 0; x < sum.size(); ++x) sum[x] += weight * static_cast<float>(line[x]);
    }
    std::size_t at = 0;
    for (const auto& h : horizontal.taps()) {
      const float* weights = horizontal.weights(h);
      const float* pixels = sum.data() + std::size_t{h.first - horizontal.begin()} * Channels;
      for (unsigned c = 0; c < Channels; ++c) {
        float pixel = 0;
        for (uint32_t i = 0; i < h.count; ++i) pixel += weights[i] * pixels[i * Channels + c];
        out[at++] = sample(pixel);
      }
    }
    into.line(out);
  }
}

template <unsigned Channels>
void run(LineSource& source, const AxisWeights& horizontal, const AxisWeights& vertical, ImageWriter& into) {
  NeededLines lines(source, horizontal);
  if (horizontal.copies() && vertical.copies())
    copy<Channels>(lines, horizontal, vertical, into);
  else
    blend<Channels>(lines, horizontal, vertical, into);
}

}  // namespace

AxisWeights::AxisWeights(const Axis& axis, uint32_t extent)
    : begin_(static_cast<uint32_t>(axis.start)),
      end_(std::clamp(static_cast<uint32_t>(std::ceil(axis.start + axis.length)), begin_ + 1, extent)) {
  taps_.reserve(axis.target);
  const double step = axis.length / axis.target;
  for (uint32_t i = 0; i < axis.target; ++i) {
    if (step > 1)
      area(axis.start + i * step, axis.start + (i + 1) * step);
    else
      cubic(axis.start + (i + 0.5) * step);
  }
  if (axis.mirrored) std::reverse(taps_.begin(), taps_.end());
}

void AxisWeights::area(double from, double to) {
  const auto first = std::min(static_cast<uint32_t>(from), end_ - 1);
  const auto last = std::clamp(static_cast<uint32_t>(std::ceil(to)) - 1, first, end_ - 1);
  std::vector<float> weights;
  for (uint32_t i = first; i <= last; ++i)
    weights.push_back(static_cast<float>(std::min<double>(to, i + 1) - std::max<double>(from, i)));
  add(weights, first);
}

/// `center` in source pixels, whose centers are at halves. Beyond the edge, the edge goes on.
void AxisWeights::cubic(double center) {
  const double nearest = std::floor(center - 0.5);
  const auto clamped = [&](double pixel) { return static_cast<uint32_t>(std::clamp<double>(pixel, begin_, end_ - 1)); };
  const auto first = clamped(nearest - 1);
  std::vector<float> weights(clamped(nearest + 2) - first + 1);
  for (int i = -1; i <= 2; ++i)
    weights[clamped(nearest + i) - first] += static_cast<float>(catmull_rom(center - 0.5 - (nearest + i)));
  add(weights, first);
}

/// Weights at both ends that change nothing are left out; together they are 1.
void AxisWeights::add(std::vector<float>& weights, uint32_t first) {
  constexpr float kNothing = 1e-6f;
  while (weights.size() > 1 && std::abs(weights.back()) < kNothing) weights.pop_back();
  std::size_t skipped = 0;
  while (skipped + 1 < weights.size() && std::abs(weights[skipped]) < kNothing) ++skipped;
  float sum = 0;
  for (std::size_t i = skipped; i < weights.size(); ++i) sum += weights[i];
  taps_.push_back(
      {first + static_cast<uint32_t>(skipped), static_cast<uint32_t>(weights.size() - skipped), weights_.size()});
  for (std::size_t i = skipped; i < weights.size(); ++i) weights_.push_back(weights[i] / sum);
}

void resample(LineSource& source, const Geometry& geometry, ImageWriter& into) {
  const AxisWeights horizontal(geometry.horizontal, source.columns());
  const AxisWeights vertical(geometry.vertical, source.rows());
  if (source.channels() == 3)
    run<3>(source, horizontal, vertical, into);
  else
    run<1>(source, horizontal, vertical, into);
}

}  // namespace fermata::codecs::rendering
