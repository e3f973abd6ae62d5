#pragma once
#include <cstddef>
#include <cstdint>
#include <optional>

#include "fermata/dicom/data_set_view.hpp"

namespace fermata::codecs::rendering {

/// The attributes that hold for one frame: those of its functional groups, else of the groups that all frames share,
/// else the object's own (PS3.3 C.7.6.16).
///
/// **Thread**: read only, any. **Ownership**: borrows the header. **Errors**: corrupt (the header is no data set).
class FrameAttributes {
 public:
  /// `frame` counts from 1.
  FrameAttributes(dicom::DataSetView header, uint64_t frame);

  dicom::DataSetView object() const { return object_; }
  /// The data set in which to look for the attributes of a functional group macro, named by its sequence.
  dicom::DataSetView macro(dicom::Tag sequence) const;

 private:
  dicom::DataSetView object_;
  dicom::DataSetView shared_;
  dicom::DataSetView own_;
};

/// The first item of a sequence; none where the sequence is absent or empty.
std::optional<dicom::DataSetView> first_item(dicom::DataSetView data_set, dicom::Tag sequence);

/// Value number `index` of a DS or IS; none where it is absent or no finite number.
std::optional<double> decimal(dicom::DataSetView data_set, dicom::Tag tag, std::size_t index = 0);

}  // namespace fermata::codecs::rendering
