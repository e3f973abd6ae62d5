#include "header_changes.hpp"

#include <algorithm>

#include "fermata/dicom/data_set_writer.hpp"
#include "fermata/dicom/transfer_syntax.hpp"
#include "fermata/error.hpp"
#include "pixel_data.hpp"
#include "pixel_transcoding.hpp"

namespace fermata::codecs {
namespace {

using dicom::Tag;

constexpr Tag kPhotometricInterpretation{0x0028, 0x0004};
constexpr Tag kPlanarConfiguration{0x0028, 0x0006};
constexpr Tag kIconImageSequence{0x0088, 0x0200};
constexpr uint64_t kLargestIcon = 1 << 20;

bool has_fragments(dicom::DataSetView item) {
  for (auto it = item.begin(); it != std::default_sentinel; ++it)
    if (it->tag == dicom::kPixelData) return it.encoded().size() > 12 && it.encoded()[8] == std::byte{0xff};
  return false;
}

std::vector<std::byte> native_icon(dicom::DataSetView item, std::string_view from, Memory& memory) {
  auto icon = std::make_unique<BytesObject>(std::vector<std::byte>(item.bytes().begin(), item.bytes().end()));
  const auto native = transcode_pixels(std::move(icon), from, dicom::transfer_syntax::kExplicitLittleEndian, memory);
  if (native->length() > kLargestIcon) throw Error(Code::unsupported, "the icon is too large");
  std::vector<std::byte> bytes(static_cast<std::size_t>(native->length()));
  native->read_at(0, bytes);
  return bytes;
}

bool speaks_of_encoding(Tag tag) {
  return tag.is_group_length() || tag == kExtendedOffsetTable || tag == kExtendedOffsetTableLengths ||
         tag == kEncapsulatedPixelDataLength;
}

}  // namespace

void HeaderChanges::describe(const PixelDescription& before, const PixelDescription& after) {
  if (before.photometric_interpretation != after.photometric_interpretation) {
    dicom::DataSetWriter writer;
    writer.add(kPhotometricInterpretation, "CS", std::string_view(after.photometric_interpretation));
    replacements_[kPhotometricInterpretation] = writer.take();
  }
  if (after.samples > 1) {
    dicom::DataSetWriter writer;
    writer.add_u16(kPlanarConfiguration, after.planar ? 1 : 0);
    replacements_[kPlanarConfiguration] = writer.take();
  }
}

void HeaderChanges::decode_icons(ObjectReader& object, std::span<const OutlinedElement> elements, std::string_view from,
                                 Memory& memory) {
  const auto icons =
      std::find_if(elements.begin(), elements.end(), [](auto& e) { return e.tag == kIconImageSequence; });
  if (icons == elements.end() || icons->length() > kLargestIcon) return;
  std::vector<std::byte> bytes(static_cast<std::size_t>(icons->end - icons->begin));
  if (object.read_at(icons->begin, bytes) < bytes.size()) throw Error(Code::corrupt, "the object is cut short");
  bool changed = false;
  dicom::DataSetWriter writer;
  try {
    writer.begin_sequence(kIconImageSequence);
    for (const auto item : dicom::DataSetView(bytes).begin()->items()) {
      writer.begin_item();
      if (has_fragments(item)) {
        writer.add_encoded(native_icon(item, from, memory));
        changed = true;
      } else {
        writer.add_encoded(item.bytes());
      }
      writer.end();
    }
    writer.end();
    if (changed) replacements_[kIconImageSequence] = writer.take();
  } catch (const Error&) {
    replacements_[kIconImageSequence] = {};
  }
}

ComposedObject HeaderChanges::copy(const std::shared_ptr<ObjectReader>& object,
                                   std::span<const OutlinedElement> elements) {
  ComposedObject result;
  for (const auto& element : elements) {
    bool replaced = false;
    while (!replacements_.empty() && replacements_.begin()->first <= element.tag) {
      replaced = replacements_.begin()->first == element.tag;
      result.add(std::move(replacements_.begin()->second));
      replacements_.erase(replacements_.begin());
    }
    if (!replaced && !speaks_of_encoding(element.tag)) result.add(object, element.begin, element.end - element.begin);
  }
  return result;
}

}  // namespace fermata::codecs
