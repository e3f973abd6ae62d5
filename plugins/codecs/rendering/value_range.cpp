#include "rendering/value_range.hpp"

#include <algorithm>
#include <bit>
#include <cmath>

#include "rendering/attributes.hpp"
#include "rendering/modality.hpp"
#include "rendering/stored_values.hpp"

namespace fermata::codecs::rendering {
namespace {

std::optional<double> padding_end(dicom::DataSetView object, const StoredValues& values, dicom::Tag integer,
                                  dicom::Tag float32, dicom::Tag float64) {
  const auto kind = values.kind();
  const auto element = object.find(kind == StoredValues::Kind::integer   ? integer
                                   : kind == StoredValues::Kind::float32 ? float32
                                                                         : float64);
  if (!element || element->value.size() < (kind == StoredValues::Kind::integer   ? 2
                                           : kind == StoredValues::Kind::float32 ? 4
                                                                                 : 8))
    return {};
  switch (kind) {
    case StoredValues::Kind::float32:
      return double{std::bit_cast<float>(element->number<uint32_t>())};
    case StoredValues::Kind::float64:
      return std::bit_cast<double>(element->number<uint64_t>());
    case StoredValues::Kind::integer:
      break;
  }
  return values.format().is_signed() ? static_cast<double>(element->number<int16_t>())
                                     : static_cast<double>(element->number<uint16_t>());
}

class Extent {
 public:
  Extent(const Modality& modality, const std::optional<ValueRange>& padding) : modality_(modality), padding_(padding) {}
  void add(double stored) {
    if (!std::isfinite(stored) || (padding_ && padding_->contains(stored))) return;
    const double meaning = modality_(stored);
    if (!range_) range_ = ValueRange{meaning, meaning};
    range_->smallest = std::min(range_->smallest, meaning);
    range_->largest = std::max(range_->largest, meaning);
  }
  const std::optional<ValueRange>& range() const { return range_; }

 private:
  const Modality& modality_;
  const std::optional<ValueRange>& padding_;
  std::optional<ValueRange> range_;
};

}  // namespace

std::optional<ValueRange> padding(const FrameAttributes& attributes, const StoredValues& values) {
  const auto object = attributes.object();
  const auto one =
      padding_end(object, values, kPixelPaddingValue, kFloatPixelPaddingValue, kDoubleFloatPixelPaddingValue);
  if (!one) return {};
  const auto other = padding_end(object, values, kPixelPaddingRangeLimit, kFloatPixelPaddingRangeLimit,
                                 kDoubleFloatPixelPaddingRangeLimit)
                         .value_or(*one);
  return ValueRange{std::min(*one, other), std::max(*one, other)};
}

std::optional<ValueRange> value_range(const StoredValues& values, const Modality& modality,
                                      const std::optional<ValueRange>& padding) {
  Extent extent(modality, padding);
  if (values.fits_a_table()) {
    const auto present = values.present_cells();
    for (uint32_t cell = 0; cell < present.size(); ++cell)
      if (present[cell] != 0) extent.add(static_cast<double>(values.format().value(cell)));
  } else {
    for (uint64_t i = 0; i < values.count(); ++i) extent.add(values[i]);
  }
  return extent.range();
}

}  // namespace fermata::codecs::rendering
