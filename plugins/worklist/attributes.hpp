#pragma once
#include <algorithm>
#include <array>

#include "fermata/dicom/tag.hpp"

/// Attributes of a worklist item that this plugin deals with by itself (PS3.4 table K.6-1).
namespace fermata::worklist::attribute {

using dicom::Tag;

inline constexpr Tag kRequestedProcedureId{0x0040, 0x1001};
inline constexpr Tag kRequestedProcedureDescription{0x0032, 0x1060};
inline constexpr Tag kScheduledProcedureStepSequence{0x0040, 0x0100};
// of its item:
inline constexpr Tag kScheduledStationAeTitle{0x0040, 0x0001};
inline constexpr Tag kStartDate{0x0040, 0x0002};
inline constexpr Tag kStartTime{0x0040, 0x0003};
inline constexpr Tag kPerformingPhysician{0x0040, 0x0006};
inline constexpr Tag kStepDescription{0x0040, 0x0007};
inline constexpr Tag kStationName{0x0040, 0x0010};
inline constexpr Tag kStepId{0x0040, 0x0009};
inline constexpr Tag kStepStatus{0x0040, 0x0020};

/// Attributes that stand in the item of the Scheduled Procedure Step Sequence.
inline constexpr std::array kOfStep{
    dicom::kModality,
    Tag(0x0032, 0x1070),  // Requested Contrast Agent
    kScheduledStationAeTitle,
    kStartDate,
    kStartTime,
    Tag(0x0040, 0x0004),  // Scheduled Procedure Step End Date
    Tag(0x0040, 0x0005),  // Scheduled Procedure Step End Time
    kPerformingPhysician,
    kStepDescription,
    Tag(0x0040, 0x0008),  // Scheduled Protocol Code Sequence
    kStepId,
    Tag(0x0040, 0x000b),  // Scheduled Performing Physician Identification Sequence
    kStationName,
    Tag(0x0040, 0x0011),  // Scheduled Procedure Step Location
    Tag(0x0040, 0x0012),  // Pre-Medication
    kStepStatus,
    Tag(0x0040, 0x0400),  // Comments on the Scheduled Procedure Step
};

constexpr bool is_of_step(Tag tag) { return std::find(kOfStep.begin(), kOfStep.end(), tag) != kOfStep.end(); }

}  // namespace fermata::worklist::attribute
