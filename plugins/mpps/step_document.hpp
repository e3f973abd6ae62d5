#pragma once
#include <cstddef>
#include <span>
#include <string_view>
#include <vector>

#include "performed_step.hpp"

namespace fermata::mpps {

/// A step as the state store keeps it: a line of JSON with a format number, then the data set. One document a step, its
/// id the SOP Instance UID.
inline constexpr std::string_view kStepsCollection = "mpps.steps";

std::vector<std::byte> to_document(const PerformedStep& step);

/// **Errors**: corrupt, or unsupported if a newer version of the program wrote it.
PerformedStep step_from_document(std::string_view sop_instance_uid, std::span<const std::byte> content);

}  // namespace fermata::mpps
