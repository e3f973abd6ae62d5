#pragma once
#include <cstdint>
#include <vector>

#include "rendering/geometry.hpp"
#include "rendering/image_writer.hpp"
#include "rendering/line_source.hpp"

namespace fermata::codecs::rendering {

/// Of which source pixels, and with which weights, each pixel along one axis is made: the average of the area it
/// covers where the picture shrinks, a cubic (Catmull-Rom) through its neighbours where it grows.
class AxisWeights {
 public:
  struct Tap {
    uint32_t first = 0;  ///< source pixel of the first weight
    uint32_t count = 0;
    std::size_t weights = 0;  ///< place of the first weight
  };

  /// `extent`: source pixels there are.
  AxisWeights(const Axis& axis, uint32_t extent);

  const std::vector<Tap>& taps() const { return taps_; }
  const float* weights(const Tap& tap) const { return weights_.data() + tap.weights; }
  uint32_t begin() const { return begin_; }  ///< the first source pixel that is needed
  uint32_t end() const { return end_; }
  /// Whether each pixel is one of the source.
  bool copies() const { return weights_.size() == taps_.size(); }

 private:
  void area(double from, double to);
  void cubic(double center);
  void add(std::vector<float>& weights, uint32_t first);

  uint32_t begin_;
  uint32_t end_;
  std::vector<Tap> taps_;
  std::vector<float> weights_;
};

/// Brings a picture to its size, line by line: holds a few lines, whatever its size.
void resample(LineSource& source, const Geometry& geometry, ImageWriter& into);

}  // namespace fermata::codecs::rendering
