#pragma once
#include <algorithm>
#include <array>
#include <string_view>

namespace fermata::dicom {

/// Whether a series is one that Horos and OsiriX put into a study for themselves: regions of interest, reports,
/// annotations, marks and window states. They are SR documents with these descriptions, whose content is in a form of
/// those programs; nobody else can show it.
inline bool is_viewer_series(std::string_view modality, std::string_view series_description) {
  constexpr std::array<std::string_view, 5> kDescriptions{"OsiriX ROI SR", "OsiriX Report SR", "OsiriX Annotations SR",
                                                          "OsiriX No Autodeletion", "OsiriX WindowsState SR"};
  return modality == "SR" &&
         std::find(kDescriptions.begin(), kDescriptions.end(), series_description) != kDescriptions.end();
}

}  // namespace fermata::dicom
