#include "pixel_data.hpp"

#include <algorithm>
#include <string>

#include "byte_order.hpp"
#include "deflate_source.hpp"
#include "fermata/dicom/transfer_syntax.hpp"
#include "fermata/error.hpp"
#include "frame_codecs.hpp"
#include "native_frames.hpp"
#include "pixel_rows.hpp"
#include "spooled_object.hpp"

namespace fermata::codecs {
namespace {

/// The value of (7FE0,0001) or (7FE0,0002), wherever it is.
LongNumbers long_numbers(const InstanceRecord& record, dicom::Tag tag) {
  for (const auto& bulk : record.bulk)
    if (bulk.tag == tag.value && bulk.offset != UINT64_MAX) return {{}, bulk.offset, bulk.length / 8};
  const auto element = dicom::DataSetView(record.header).find(tag);
  if (!element) return {};
  return {{element->value.begin(), element->value.end()}, 0, element->value.size() / 8};
}

/// Some write YBR_FULL_422 above pixels that don't share anything.
void correct_chrominance(PixelDescription& description, uint64_t length) {
  if (!description.shares_chrominance()) return;
  auto full = interleaved(description);
  if (length / full.frame_bytes() >= description.frames)
    description.photometric_interpretation = std::move(full.photometric_interpretation);
}

}  // namespace

std::optional<PixelData> PixelData::of(const InstanceRecord& record) {
  for (const auto& bulk : record.bulk) {
    if (!is_pixel_data(dicom::Tag(bulk.tag))) continue;
    return PixelData{dicom::Tag(bulk.tag),
                     dicom::Vr(bulk.vr[0], bulk.vr[1]),
                     bulk.offset,
                     bulk.length,
                     {long_numbers(record, kExtendedOffsetTable), long_numbers(record, kExtendedOffsetTableLengths)}};
  }
  return {};
}

std::optional<PixelData> PixelData::of(const std::vector<OutlinedElement>& outline) {
  PixelData pixel_data;
  for (const auto& element : outline) {
    if (element.tag == kExtendedOffsetTable) pixel_data.extended.offsets = {{}, element.value, element.length() / 8};
    if (element.tag == kExtendedOffsetTableLengths)
      pixel_data.extended.lengths = {{}, element.value, element.length() / 8};
    if (!is_pixel_data(element.tag)) continue;
    pixel_data.tag = element.tag;
    pixel_data.vr = element.vr;
    pixel_data.offset = element.value;
    pixel_data.length = element.undefined_length ? UINT64_MAX : element.length();
    return pixel_data;
  }
  return {};
}

std::unique_ptr<ObjectFrames> open_frames(std::shared_ptr<ObjectReader> object, PixelData pixel_data,
                                          PixelDescription description, std::string_view uid, Memory& memory) {
  if (dicom::pixel_encoding(uid) == dicom::PixelEncoding::video)
    throw Error(Code::unsupported, "a video can't be taken apart into frames");
  const FrameDecoder* decoder = nullptr;
  std::unique_ptr<FrameStore> store;
  if (pixel_data.encapsulated()) {
    decoder = frame_decoder(uid);
    store = std::make_unique<EncapsulatedFrames>(*object, pixel_data.offset, description.frames, decoder,
                                                 std::move(pixel_data.extended));
  } else {
    const auto encoding = dicom::uncompressed_encoding(uid);
    if (!encoding)
      throw Error(Code::unsupported,
                  "the pixel data has a length, where transfer syntax " + std::string(uid) +
                      " demands fragments (PS3.5 A.4): it can be had as it is stored only, until the "
                      "sender has written it anew");
    correct_chrominance(description, pixel_data.length);
    store = std::make_unique<NativeFrames>(*object, pixel_data.offset, pixel_data.length, description,
                                           encoding->big_endian ? word_size(pixel_data.vr) : 1);
  }
  return std::make_unique<ObjectFrames>(std::move(object), std::move(store), std::move(description),
                                        !pixel_data.encapsulated(), decoder, memory);
}

std::unique_ptr<ObjectFrames> open_frames(const InstanceRecord& record, std::unique_ptr<ObjectReader> object,
                                          Memory& memory) {
  auto pixel_data = PixelData::of(record);
  if (!pixel_data) throw Error(Code::invalid, "the object has no pixel data");
  auto description = PixelDescription::of(dicom::DataSetView(record.header), pixel_data->tag);
  std::shared_ptr<ObjectReader> readable = std::move(object);
  if (pixel_data->offset == UINT64_MAX) {
    readable = std::make_shared<SpooledObject>(std::make_unique<Inflation>(std::move(readable)), memory.spool_folder());
    pixel_data = PixelData::of(outline(*readable));
    if (!pixel_data) throw Error(Code::corrupt, "the deflated data set has no pixel data");
  }
  return open_frames(std::move(readable), std::move(*pixel_data), std::move(description), record.transfer_syntax_uid,
                     memory);
}

}  // namespace fermata::codecs
