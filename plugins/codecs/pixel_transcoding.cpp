#include "pixel_transcoding.hpp"

#include <algorithm>
#include <string>

#include "composed_object.hpp"
#include "fermata/dicom/data_set_writer.hpp"
#include "fermata/dicom/transfer_syntax.hpp"
#include "fermata/error.hpp"
#include "frame_codecs.hpp"
#include "pixel_data.hpp"
#include "pixel_data_writer.hpp"
#include "rewritten_object.hpp"
#include "spooled_object.hpp"

namespace fermata::codecs {
namespace {

using dicom::Tag;

constexpr Tag kPhotometricInterpretation{0x0028, 0x0004};
constexpr Tag kPlanarConfiguration{0x0028, 0x0006};

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

/// What the result's header says otherwise than the source's.
class Changes {
 public:
  Changes(const PixelDescription& before, const PixelDescription& after) {
    if (before.photometric_interpretation != after.photometric_interpretation)
      photometric_interpretation_ = encoded([&](auto& writer) {
        writer.add(kPhotometricInterpretation, "CS", std::string_view(after.photometric_interpretation));
      });
    if (after.samples > 1)
      planar_configuration_ =
          encoded([&](auto& writer) { writer.add_u16(kPlanarConfiguration, after.planar ? 1 : 0); });
  }

  /// Copies elements of the source into the result, except what is changed or speaks of the source's encoding.
  void copy(const std::shared_ptr<ObjectReader>& object, std::span<const OutlinedElement> elements,
            ComposedObject& result) {
    uint64_t begin = 0;
    uint64_t end = 0;
    const auto flush = [&] {
      result.add(object, begin, end - begin);
      begin = end = 0;
    };
    for (const auto& element : elements) {
      if (write_before(
              element.tag, [&] { flush(); }, result) ||
          drops(element.tag)) {
        flush();
        continue;
      }
      if (element.begin != end) {
        flush();
        begin = element.begin;
      }
      end = element.end;
    }
    flush();
  }

 private:
  template <class Write>
  static std::vector<std::byte> encoded(Write&& write) {
    dicom::DataSetWriter writer;
    write(writer);
    return writer.take();
  }
  static bool drops(Tag tag) {
    return tag.is_group_length() || tag == kExtendedOffsetTable || tag == kExtendedOffsetTableLengths ||
           tag == kEncapsulatedPixelDataLength;
  }
  /// True if `tag` itself was replaced.
  template <class Flush>
  bool write_before(Tag tag, Flush&& flush, ComposedObject& result) {
    bool replaced = false;
    for (auto* change : {&photometric_interpretation_, &planar_configuration_}) {
      const auto changed = change == &photometric_interpretation_ ? kPhotometricInterpretation : kPlanarConfiguration;
      if (change->empty() || tag < changed) continue;
      flush();
      result.add(std::exchange(*change, {}));
      replaced = replaced || tag == changed;
    }
    return replaced;
  }

  std::vector<std::byte> photometric_interpretation_;
  std::vector<std::byte> planar_configuration_;
};

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
  const auto element = std::find_if(elements.begin(), elements.end(), [](auto& e) { return is_pixel_data(e.tag); });
  const auto described = description_elements(*source, elements);
  const std::shared_ptr<ObjectFrames> frames = open_frames(
      source, *pixel_data, PixelDescription::of(dicom::DataSetView(described), pixel_data->tag), from, memory);
  const auto& stored = frames->stored_description();
  const bool native = dicom::uncompressed_encoding(to).has_value();
  const FrameEncoder* encoder = native || is_kind_of(from, to) ? nullptr : frame_encoder(to);
  if (!native && encoder == nullptr && !is_kind_of(from, to))
    throw Error(Code::unsupported, "nothing here compresses to transfer syntax " + std::string(to));
  const auto described_now = native               ? frames->native_description()
                             : encoder == nullptr ? stored
                                                  : encoder->encoded(frames->pixel_description());
  Changes changes(stored, described_now);
  ComposedObject before;
  ComposedObject after;
  changes.copy(source, {elements.begin(), element}, before);
  changes.copy(source, {element + 1, elements.end()}, after);
  std::unique_ptr<PixelDataWriter> value;
  std::optional<uint64_t> length;
  if (native) {
    const auto value_length = NativeWriter::length(described_now);
    before.add(pixel_data_header(*pixel_data, described_now, static_cast<uint32_t>(value_length)));
    length = before.length() + value_length + after.length();
    value = std::make_unique<NativeWriter>(frames);
  } else {
    before.add(pixel_data_header(*pixel_data, described_now, 0xffffffff));
    value = std::make_unique<EncapsulatedWriter>(frames, encoder);
  }
  return std::make_unique<SpooledObject>(
      std::make_unique<RewrittenObject>(std::move(before), std::move(value), std::move(after)), memory.spool_folder(),
      length);
}

}  // namespace fermata::codecs
