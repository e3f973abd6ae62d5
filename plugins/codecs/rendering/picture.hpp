#pragma once
#include <cstddef>
#include <memory>
#include <optional>
#include <span>

#include "pixel_description.hpp"
#include "rendering/frame_attributes.hpp"
#include "rendering/line_source.hpp"
#include "rendering/object_values.hpp"
#include "rendering/voi.hpp"

namespace fermata::codecs::rendering {

/// What a decoded frame looks like, in its own size (PS3.4 N.2).
///
/// `window` is what the client asks for; only grey values have one. **Ownership**: borrows the frame's bytes.
/// **Errors**: unsupported (a kind of pixels of which there is no picture), corrupt (no pixels, too few bytes, no
/// palette).
std::unique_ptr<LineSource> picture(const PixelDescription& description, std::span<const std::byte> bytes,
                                    const FrameAttributes& attributes, const ObjectValues& values,
                                    const std::optional<Window>& window);

/// The ICC profile that says which RGB the picture's is: the object's, else its first optical path's. Empty where there
/// is none, or none for RGB.
std::span<const std::byte> icc_profile(const ObjectValues& values);

}  // namespace fermata::codecs::rendering
