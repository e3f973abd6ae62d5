#pragma once
#include "fermata/dicom/tag.hpp"

/// The attributes that say how a frame is to look, by the names of PS3.6.
namespace fermata::codecs::rendering {

inline constexpr dicom::Tag kImagerPixelSpacing{0x0018, 0x1164};
inline constexpr dicom::Tag kNominalScannedPixelSpacing{0x0018, 0x2010};
inline constexpr dicom::Tag kPixelPresentation{0x0008, 0x9205};
inline constexpr dicom::Tag kPixelSpacing{0x0028, 0x0030};
inline constexpr dicom::Tag kPixelAspectRatio{0x0028, 0x0034};
inline constexpr dicom::Tag kPixelPaddingValue{0x0028, 0x0120};
inline constexpr dicom::Tag kPixelPaddingRangeLimit{0x0028, 0x0121};
inline constexpr dicom::Tag kFloatPixelPaddingValue{0x0028, 0x0122};
inline constexpr dicom::Tag kDoubleFloatPixelPaddingValue{0x0028, 0x0123};
inline constexpr dicom::Tag kFloatPixelPaddingRangeLimit{0x0028, 0x0124};
inline constexpr dicom::Tag kDoubleFloatPixelPaddingRangeLimit{0x0028, 0x0125};
inline constexpr dicom::Tag kWindowCenter{0x0028, 0x1050};
inline constexpr dicom::Tag kWindowWidth{0x0028, 0x1051};
inline constexpr dicom::Tag kRescaleIntercept{0x0028, 0x1052};
inline constexpr dicom::Tag kRescaleSlope{0x0028, 0x1053};
inline constexpr dicom::Tag kVoiLutFunction{0x0028, 0x1056};
inline constexpr dicom::Tag kRedPaletteDescriptor{0x0028, 0x1101};
inline constexpr dicom::Tag kRedPaletteData{0x0028, 0x1201};
inline constexpr dicom::Tag kSegmentedRedPaletteData{0x0028, 0x1221};
inline constexpr dicom::Tag kIccProfile{0x0028, 0x2000};
inline constexpr dicom::Tag kModalityLutSequence{0x0028, 0x3000};
inline constexpr dicom::Tag kLutDescriptor{0x0028, 0x3002};
inline constexpr dicom::Tag kLutData{0x0028, 0x3006};
inline constexpr dicom::Tag kVoiLutSequence{0x0028, 0x3010};
inline constexpr dicom::Tag kPixelMeasuresSequence{0x0028, 0x9110};
inline constexpr dicom::Tag kFrameVoiLutSequence{0x0028, 0x9132};
inline constexpr dicom::Tag kPixelValueTransformationSequence{0x0028, 0x9145};
inline constexpr dicom::Tag kOpticalPathSequence{0x0048, 0x0105};
inline constexpr dicom::Tag kSegmentationType{0x0062, 0x0001};
inline constexpr dicom::Tag kMaximumFractionalValue{0x0062, 0x000e};
inline constexpr dicom::Tag kPresentationLutShape{0x2050, 0x0020};
inline constexpr dicom::Tag kSharedFunctionalGroupsSequence{0x5200, 0x9229};
inline constexpr dicom::Tag kPerFrameFunctionalGroupsSequence{0x5200, 0x9230};

}  // namespace fermata::codecs::rendering
