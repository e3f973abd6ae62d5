#pragma once
#include <cstdint>
#include <optional>

#include "fermata/archive.hpp"
#include "resource.hpp"

namespace fermata::dicomweb {

/// The image that stands for a study, a series or itself: the middle one of the first series that has any. Nothing
/// where there is no image. **Errors**: Problem 404 (no such resource).
std::optional<Resource> representative_image(Archive& archive, const Resource& resource);

/// The frame that stands for an image: the Representative Frame Number, or the middle one. `record` with its header.
uint64_t representative_frame(const InstanceRecord& record);

/// Number of Frames; 1 where it says nothing.
uint64_t number_of_frames(const InstanceRecord& record);

}  // namespace fermata::dicomweb
