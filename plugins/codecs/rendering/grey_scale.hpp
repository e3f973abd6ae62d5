#pragma once
#include <cstdint>
#include <optional>
#include <utility>

#include "rendering/frame_attributes.hpp"
#include "rendering/modality.hpp"
#include "rendering/stored_values.hpp"
#include "rendering/voi.hpp"

namespace fermata::codecs::rendering {

/// The grey behind a stored value: modality transformation, VOI, polarity (PS3.4 N.2.1). **Thread**: a value.
class GreyScale {
 public:
  GreyScale(Modality modality, Voi voi, bool inverse)
      : modality_(std::move(modality)), voi_(std::move(voi)), inverse_(inverse) {}

  uint8_t operator()(double stored) const {
    const double bright = voi_(modality_(stored));
    const auto grey = static_cast<uint8_t>(bright > 0 ? bright * 255 + 0.5 : 0);  // what is no number is black
    return inverse_ ? static_cast<uint8_t>(255 - grey) : grey;
  }

 private:
  Modality modality_;
  Voi voi_;
  bool inverse_;
};

/// The grey scale of a frame. What the client asks for goes before what the object says; where neither has a window,
/// the ends of the range are black and white.
///
/// The range: unless there is a modality transformation, values of up to 8 bits are shown as they are; a segmentation
/// goes up to its Maximum Fractional Value, anything else from its smallest value to its largest. MONOCHROME1 and the
/// Presentation LUT Shape INVERSE turn black and white round; where an object has both they mean the same.
GreyScale grey_scale(const FrameAttributes& attributes, const StoredValues& values, const std::optional<Window>& asked,
                     bool monochrome1);

}  // namespace fermata::codecs::rendering
