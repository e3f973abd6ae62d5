#include "rendering/grey_scale.hpp"

#include <algorithm>

#include "rendering/attributes.hpp"
#include "rendering/value_range.hpp"

namespace fermata::codecs::rendering {
namespace {

ValueRange possible_range(const StoredValues& values, const Modality& modality) {
  if (values.kind() != StoredValues::Kind::integer) return {-1, 1};
  const double one = modality(static_cast<double>(values.format().smallest()));
  const double other = modality(static_cast<double>(values.format().largest()));
  return {std::min(one, other), std::max(one, other)};
}

bool shown_as_they_are(const FrameAttributes& attributes, const StoredValues& values, const Modality& modality) {
  return values.kind() == StoredValues::Kind::integer && values.format().bits_stored() <= 8 &&
         modality.changes_nothing() && attributes.object().text(kSegmentationType) != "LABELMAP";
}

ValueRange shown_range(const FrameAttributes& attributes, const StoredValues& values, const Modality& modality) {
  if (const auto element = attributes.object().find(kMaximumFractionalValue); element && element->value.size() >= 2)
    return {0, static_cast<double>(element->number<uint16_t>())};
  if (shown_as_they_are(attributes, values, modality)) return possible_range(values, modality);
  return value_range(values, modality, padding(attributes, values)).value_or(ValueRange{});
}

}  // namespace

GreyScale grey_scale(const FrameAttributes& attributes, const StoredValues& values, const std::optional<Window>& asked,
                     bool monochrome1) {
  const auto how = modality(attributes, values.format().is_signed());
  const bool inverse = monochrome1 || attributes.object().text(kPresentationLutShape) == "INVERSE";
  if (asked) return {how, Voi(*asked), inverse};
  if (auto own = voi(attributes, possible_range(values, how))) return {how, *std::move(own), inverse};
  return {how, Voi(window_over(shown_range(attributes, values, how))), inverse};
}

}  // namespace fermata::codecs::rendering
