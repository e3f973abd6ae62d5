#pragma once
#include <optional>

#include "rendering/frame_attributes.hpp"

namespace fermata::codecs::rendering {

class Modality;
class StoredValues;

/// Smallest and largest of some values.
struct ValueRange {
  double smallest = 0;
  double largest = 0;
  bool contains(double v) const { return v >= smallest && v <= largest; }
};

/// The stored values that only fill up the picture: from Pixel Padding Value to Pixel Padding Range Limit (PS3.3
/// C.7.5.1.1.2), for pixel data in floating point from Float Pixel Padding Value on.
std::optional<ValueRange> padding(const FrameAttributes& attributes, const StoredValues& values);

/// What the values of a frame mean at least and at most, without those that are padding or no finite number. None
/// where nothing is left.
std::optional<ValueRange> value_range(const StoredValues& values, const Modality& modality,
                                      const std::optional<ValueRange>& padding);

}  // namespace fermata::codecs::rendering
