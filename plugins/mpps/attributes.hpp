#pragma once
#include "fermata/dicom/tag.hpp"

/// Attributes of a performed procedure step that this plugin deals with by itself (PS3.4 table F.7.2-1).
namespace fermata::mpps::attribute {

using dicom::Tag;

inline constexpr Tag kReferencedPatientSequence{0x0008, 0x1120};
inline constexpr Tag kReferencedImageSequence{0x0008, 0x1140};
inline constexpr Tag kReferencedSopInstanceUid{0x0008, 0x1155};
inline constexpr Tag kStepId{0x0040, 0x0009};  ///< Scheduled Procedure Step ID
inline constexpr Tag kScheduledProcedureStepSequence{0x0040, 0x0100};
inline constexpr Tag kReferencedNonImageSequence{0x0040, 0x0220};
inline constexpr Tag kPerformedStationAeTitle{0x0040, 0x0241};
inline constexpr Tag kPerformedStationName{0x0040, 0x0242};
inline constexpr Tag kPerformedLocation{0x0040, 0x0243};
inline constexpr Tag kStartDate{0x0040, 0x0244};
inline constexpr Tag kStartTime{0x0040, 0x0245};
inline constexpr Tag kEndDate{0x0040, 0x0250};
inline constexpr Tag kEndTime{0x0040, 0x0251};
inline constexpr Tag kStatus{0x0040, 0x0252};
inline constexpr Tag kPerformedStepId{0x0040, 0x0253};
inline constexpr Tag kScheduledStepAttributesSequence{0x0040, 0x0270};
inline constexpr Tag kPerformedSeriesSequence{0x0040, 0x0340};

}  // namespace fermata::mpps::attribute
