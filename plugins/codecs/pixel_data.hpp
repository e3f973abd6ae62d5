#pragma once
#include <memory>
#include <optional>
#include <string_view>

#include "data_set_outline.hpp"
#include "encapsulated_frames.hpp"
#include "object_frames.hpp"

namespace fermata::codecs {

/// Where an object's pixel data is, and what else helps to find frames in it.
struct PixelData {
  dicom::Tag tag;
  dicom::Vr vr;
  uint64_t offset = 0;  ///< of its value
  uint64_t length = 0;  ///< UINT64_MAX: encapsulated
  ExtendedOffsetTable extended;

  bool encapsulated() const { return length == UINT64_MAX; }
  /// None where the object has no pixel data.
  static std::optional<PixelData> of(const InstanceRecord& record);
  static std::optional<PixelData> of(const std::vector<OutlinedElement>& outline);
};

inline constexpr dicom::Tag kExtendedOffsetTable{0x7fe0, 0x0001};
inline constexpr dicom::Tag kExtendedOffsetTableLengths{0x7fe0, 0x0002};
inline constexpr dicom::Tag kEncapsulatedPixelDataLength{0x7fe0, 0x0003};

/// **Errors**: unsupported (video; compressed, but not in fragments).
std::unique_ptr<ObjectFrames> open_frames(std::shared_ptr<ObjectReader> object, PixelData pixel_data,
                                          PixelDescription description, std::string_view transfer_syntax_uid,
                                          Memory& memory);

/// Of an instance. `record` with its header. A deflated object is inflated first.
/// **Errors**: the same, and invalid (no pixel data).
std::unique_ptr<ObjectFrames> open_frames(const InstanceRecord& record, std::unique_ptr<ObjectReader> object,
                                          Memory& memory);

}  // namespace fermata::codecs
