#include "pixel_transcoding.hpp"

#include <algorithm>
#include <optional>
#include <string>

#include "composed_object.hpp"
#include "fermata/dicom/data_set_writer.hpp"
#include "fermata/dicom/transfer_syntax.hpp"
#include "fermata/error.hpp"
#include "frame_codecs.hpp"
#include "header_changes.hpp"
#include "pixel_data.hpp"
#include "pixel_data_writer.hpp"
#include "rewritten_object.hpp"
#include "spooled_object.hpp"

namespace fermata::codecs {
namespace {

/// The elements that say how pixels are laid out, as a data set.
std::vector<std::byte> description_elements(ObjectReader& object, const std::vector<OutlinedElement>& elements) {
  constexpr uint64_t kLongest = 1024;
  std::vector<std::byte> bytes;
  for (const auto& element : elements) {
    if (element.tag.group() != 0x0028 || element.undefined_length || element.length() > kLongest) continue;
    const auto begin = bytes.size();
    bytes.resize(begin + static_cast<std::size_t>(element.end - element.begin));
    const auto into = std::span(bytes).subspan(begin);
    if (object.read_at(element.begin, into) < into.size()) throw Error(Code::corrupt, "the object is cut short");
  }
  return bytes;
}

/// Tag, VR and length of the result's pixel data; UINT32_MAX: encapsulated.
std::vector<std::byte> pixel_data_header(const PixelData& source, const PixelDescription& pixels, uint32_t length) {
  const auto vr = source.tag != dicom::kPixelData                      ? source.vr
                  : length == 0xffffffff || pixels.bits_allocated <= 8 ? dicom::Vr("OB")
                                                                       : dicom::Vr("OW");
  dicom::DataSetWriter writer;
  writer.add_empty(source.tag, vr);
  auto bytes = writer.take();
  for (unsigned i = 0; i < 4; ++i) bytes[8 + i] = static_cast<std::byte>(length >> (8 * i) & 0xff);
  return bytes;
}

/// What is to become of the pixels: null for frames that pass as they are stored.
const FrameEncoder* encoder_for(std::string_view from, std::string_view to) {
  if (is_kind_of(from, to)) return nullptr;
  const auto* encoder = frame_encoder(to);
  if (encoder == nullptr)
    throw Error(Code::unsupported, "nothing here compresses to transfer syntax " + std::string(to));
  return encoder;
}

}  // namespace

std::unique_ptr<ObjectReader> transcode_pixels(std::unique_ptr<ObjectReader> object, std::string_view from,
                                               std::string_view to, Memory& memory) {
  const std::shared_ptr<ObjectReader> source = std::move(object);
  const auto elements = outline(*source);
  const auto pixel_data = PixelData::of(elements);
  if (!pixel_data) {  // nothing in it depends on the transfer syntax
    auto result = std::make_unique<ComposedObject>();
    result->add(source, 0, elements.empty() ? 0 : elements.back().end);
    return result;
  }
  const auto described = description_elements(*source, elements);
  const std::shared_ptr<ObjectFrames> frames = open_frames(
      source, *pixel_data, PixelDescription::of(dicom::DataSetView(described), pixel_data->tag), from, memory);
  const bool native = dicom::uncompressed_encoding(to).has_value();
  const auto* encoder = native ? nullptr : encoder_for(from, to);
  const bool as_stored = !native && encoder == nullptr;
  const auto description = native      ? frames->native_description()
                           : as_stored ? frames->stored_description()
                                       : encoder->encoded(frames->pixel_description());

  HeaderChanges changes;
  changes.describe(frames->stored_description(), description);
  if (pixel_data->encapsulated() && !as_stored) changes.decode_icons(*source, elements, from, memory);
  const auto element = std::find_if(elements.begin(), elements.end(), [](auto& e) { return is_pixel_data(e.tag); });
  auto before = changes.copy(source, {elements.begin(), element});
  auto after = changes.copy(source, {element + 1, elements.end()});
  std::unique_ptr<PixelDataWriter> value;
  std::optional<uint64_t> length;
  if (native) {
    const auto value_length = NativeWriter::length(description);
    before.add(pixel_data_header(*pixel_data, description, static_cast<uint32_t>(value_length)));
    length = before.length() + value_length + after.length();
    value = std::make_unique<NativeWriter>(frames);
  } else {
    before.add(pixel_data_header(*pixel_data, description, 0xffffffff));
    value = std::make_unique<EncapsulatedWriter>(frames, encoder);
  }
  return std::make_unique<SpooledObject>(
      std::make_unique<RewrittenObject>(std::move(before), std::move(value), std::move(after)), memory.spool_folder(),
      length);
}

}  // namespace fermata::codecs
