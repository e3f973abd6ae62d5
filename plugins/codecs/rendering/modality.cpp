#include "rendering/modality.hpp"

#include "rendering/attributes.hpp"

namespace fermata::codecs::rendering {
namespace {

bool lut_is_for_display(dicom::DataSetView object) {
  const auto sop_class = object.text(dicom::kSopClassUid);
  return sop_class != "1.2.840.10008.5.1.4.1.1.12.1" && sop_class != "1.2.840.10008.5.1.4.1.1.12.2";
}

}  // namespace

Modality::Modality(double slope, double intercept)
    : slope_(slope == 0 ? 1 : slope), intercept_(slope == 0 ? 0 : intercept) {}

Modality modality(const FrameAttributes& attributes, bool signed_values) {
  if (lut_is_for_display(attributes.object()))
    if (const auto item = first_item(attributes.object(), kModalityLutSequence))
      if (auto table = lookup_table(*item, signed_values)) return Modality(*std::move(table));
  const auto rescale = attributes.macro(kPixelValueTransformationSequence);
  return {decimal(rescale, kRescaleSlope).value_or(1), decimal(rescale, kRescaleIntercept).value_or(0)};
}

}  // namespace fermata::codecs::rendering
