#include "rendering/frame_attributes.hpp"

#include <charconv>
#include <cmath>
#include <string_view>

#include "rendering/attributes.hpp"

namespace fermata::codecs::rendering {
namespace {

std::optional<dicom::DataSetView> item(dicom::DataSetView data_set, dicom::Tag sequence, uint64_t number) {
  const auto element = data_set.find(sequence);
  if (!element || element->vr != dicom::Vr("SQ")) return {};
  for (const auto item : element->items())
    if (--number == 0) return item;
  return {};
}

}  // namespace

FrameAttributes::FrameAttributes(dicom::DataSetView header, uint64_t frame)
    : object_(header),
      shared_(first_item(header, kSharedFunctionalGroupsSequence).value_or(dicom::DataSetView())),
      own_(item(header, kPerFrameFunctionalGroupsSequence, frame).value_or(dicom::DataSetView())) {}

dicom::DataSetView FrameAttributes::macro(dicom::Tag sequence) const {
  for (const auto& group : {own_, shared_})
    if (const auto found = first_item(group, sequence)) return *found;
  return object_;
}

std::optional<dicom::DataSetView> first_item(dicom::DataSetView data_set, dicom::Tag sequence) {
  return item(data_set, sequence, 1);
}

std::optional<double> decimal(dicom::DataSetView data_set, dicom::Tag tag, std::size_t index) {
  std::string_view text = data_set.text(tag);
  for (; index > 0; --index) {
    const auto end = text.find('\\');
    if (end == std::string_view::npos) return {};
    text.remove_prefix(end + 1);
  }
  text = text.substr(0, text.find('\\'));
  while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
  while (!text.empty() && (text.front() == ' ' || text.front() == '+')) text.remove_prefix(1);
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size() || !std::isfinite(value)) return {};
  return value;
}

}  // namespace fermata::codecs::rendering
