#include "dcmtk_codec.hpp"

#include <dcmtk/config/osconfig.h>

#include <algorithm>
#include <string>

#include <dcmtk/dcmdata/dccodec.h>
#include <dcmtk/dcmdata/dcdatset.h>
#include <dcmtk/dcmdata/dcdeftag.h>
#include <dcmtk/dcmdata/dcpixel.h>
#include <dcmtk/dcmdata/dcpixseq.h>
#include <dcmtk/dcmdata/dcpxitem.h>

#include "bit_stream_header.hpp"
#include "fermata/error.hpp"
#include "pixel_rows.hpp"

namespace fermata::codecs {
namespace {

using Bytes = std::span<const std::byte>;

constexpr uint64_t kLargestFrame = 0xfffffffe;  // DCMTK counts bytes in 32 bits

void check(const OFCondition& condition, Code code, const char* what) {
  if (condition.bad()) throw Error(code, std::string(what) + ": " + condition.text());
}

void check_size(const PixelDescription& d) {
  if (d.frame_bytes() > kLargestFrame) throw Error(Code::unsupported, "the frame is larger than 4 GiB");
}

/// The attributes from which DCMTK's codecs know what a frame is.
void describe(DcmItem& item, const PixelDescription& d, const char* photometric_interpretation) {
  const auto put = [&](const DcmTagKey& tag, uint32_t value) {
    check(item.putAndInsertUint16(tag, static_cast<Uint16>(value)), Code::internal, "a frame can't be described");
  };
  put(DCM_Rows, d.rows);
  put(DCM_Columns, d.columns);
  put(DCM_SamplesPerPixel, d.samples);
  put(DCM_BitsAllocated, d.bits_allocated);
  put(DCM_BitsStored, d.bits_stored);
  put(DCM_HighBit, d.high_bit);
  put(DCM_PixelRepresentation, d.is_signed ? 1 : 0);
  if (d.samples > 1) put(DCM_PlanarConfiguration, 0);
  check(item.putAndInsertString(DCM_PhotometricInterpretation, photometric_interpretation), Code::internal,
        "a frame can't be described");
}

/// A sequence of one fragment.
void append_fragment(DcmPixelSequence& sequence, Bytes bytes) {
  auto item = std::make_unique<DcmPixelItem>(DCM_PixelItemTag);
  if (!bytes.empty())
    check(item->putUint8Array(reinterpret_cast<const Uint8*>(bytes.data()), static_cast<Uint32>(bytes.size())),
          Code::out_of_memory, "a frame can't be copied");
  check(sequence.insert(item.get()), Code::internal, "a frame can't be copied");
  static_cast<void>(item.release());
}

bool is_ybr(const PixelDescription& d) { return d.samples == 3 && d.photometric_interpretation.starts_with("YBR_"); }

/// Precision of the samples in the bit stream.
uint32_t check_stream(DcmtkStream kind, Bytes stream, const PixelDescription& stored) {
  const auto header = JpegHeader::read(stream);
  if (!header || (header->process == 0xf7) != (kind == DcmtkStream::jpeg_ls))
    throw Error(Code::corrupt, kind == DcmtkStream::jpeg_ls ? "the frame is no JPEG-LS bit stream"
                                                            : "the frame is no JPEG bit stream");
  header->check(stored);
  return header->precision;
}

}  // namespace

DcmtkDecoder::DcmtkDecoder(DcmtkStream stream, std::unique_ptr<DcmCodec> codec,
                           std::unique_ptr<DcmCodecParameter> parameter)
    : stream_(stream), codec_(std::move(codec)), parameter_(std::move(parameter)) {}

DcmtkDecoder::~DcmtkDecoder() = default;

PixelDescription DcmtkDecoder::decoded(PixelDescription stored) const {
  if (stream_ == DcmtkStream::lossy_jpeg && is_ybr(stored)) stored.photometric_interpretation = "RGB";
  return interleaved(std::move(stored));
}

void DcmtkDecoder::decode(Bytes stream, const PixelDescription& stored, std::span<std::byte> into) const {
  check_size(stored);
  const auto precision = check_stream(stream_, stream, stored);
  auto described = interleaved(stored);
  const bool narrow = precision <= 8 && stored.bits_allocated == 16;
  if (narrow) described.bits_allocated = 8;
  described.bits_stored = std::min(described.bits_stored, described.bits_allocated);
  described.high_bit = described.bits_stored - 1;
  DcmDataset frame;
  // What is not to be converted is called RGB: DCMTK leaves that alone.
  const bool convert = stream_ == DcmtkStream::lossy_jpeg && is_ybr(stored);
  describe(frame, described, stored.samples == 1 ? "MONOCHROME2" : convert ? "YBR_FULL" : "RGB");
  DcmPixelSequence sequence(DCM_PixelSequenceTag);
  append_fragment(sequence, {});
  append_fragment(sequence, stream);

  std::vector<std::byte> bytes(narrow ? into.size() / 2 : 0);
  const auto to = narrow ? std::span(bytes) : into;
  Uint32 fragment = 1;
  OFString colour_model;
  check(codec_->decodeFrame(nullptr, &sequence, parameter_.get(), &frame, 0, fragment, to.data(),
                            static_cast<Uint32>(to.size()), colour_model),
        Code::corrupt, "the frame can't be decoded");
  if (narrow) widen(bytes, into);
  extend_sign(into, stored, precision);
}

uint64_t DcmtkDecoder::working_memory(const PixelDescription& stored) const {
  // A copy of the bit stream, coefficients of progressive images, a narrow frame.
  return 4 * interleaved(stored).frame_bytes();
}

bool DcmtkDecoder::begins(Bytes bytes) const {
  return bytes.size() >= 3 && bytes[0] == std::byte{0xff} && bytes[1] == std::byte{0xd8} && bytes[2] == std::byte{0xff};
}

DcmtkEncoder::DcmtkEncoder(std::unique_ptr<DcmCodec> codec, std::unique_ptr<DcmCodecParameter> parameter,
                           std::unique_ptr<DcmRepresentationParameter> representation, uint32_t most_bits)
    : codec_(std::move(codec)),
      parameter_(std::move(parameter)),
      representation_(std::move(representation)),
      most_bits_(most_bits) {}

DcmtkEncoder::~DcmtkEncoder() = default;

PixelDescription DcmtkEncoder::encoded(PixelDescription pixels) const {
  check_cells(pixels);
  if (pixels.bits_allocated == 1 || pixels.bits_allocated > most_bits_)
    throw Error(Code::unsupported, "pixels of " + std::to_string(pixels.bits_allocated) +
                                       " bits allocated have no place in this transfer syntax");
  if (pixels.samples != 1 && pixels.samples != 3)
    throw Error(Code::unsupported, "only 1 or 3 samples per pixel have a place in this transfer syntax");
  return pixels;
}

std::vector<std::byte> DcmtkEncoder::encode(Bytes frame, const PixelDescription& pixels) const {
  check_size(pixels);
  DcmDataset data_set;
  describe(data_set, pixels, pixels.samples == 1 ? "MONOCHROME2" : "RGB");
  auto element = std::make_unique<DcmPixelData>(DCM_PixelData);
  auto* pixel_data = element.get();
  const auto* begin = reinterpret_cast<const Uint8*>(frame.data());
  check(pixel_data->putUint8Array(begin, static_cast<Uint32>(frame.size())), Code::out_of_memory,
        "a frame can't be copied");
  check(data_set.insert(pixel_data), Code::internal, "a frame can't be copied");
  static_cast<void>(element.release());

  DcmStack stack;
  stack.push(&data_set);
  stack.push(pixel_data);
  DcmPixelSequence* result = nullptr;
  OFBool remove_old = OFFalse;
  Uint16* words = nullptr;
  check(pixel_data->getUint16Array(words), Code::internal, "a frame can't be read");
  const auto condition = codec_->encode(words, static_cast<Uint32>(frame.size()), representation_.get(), result,
                                        parameter_.get(), stack, remove_old);
  const std::unique_ptr<DcmPixelSequence> sequence(result);
  check(condition, Code::unsupported, "the frame can't be compressed");
  DcmPixelItem* item = nullptr;
  Uint8* bytes = nullptr;
  if (sequence == nullptr || sequence->getItem(item, 1).bad() || item->getUint8Array(bytes).bad() || bytes == nullptr)
    throw Error(Code::internal, "the frame was compressed to nothing");
  const auto out = std::as_bytes(std::span(bytes, item->getLength()));
  return {out.begin(), out.end()};
}

uint64_t DcmtkEncoder::working_memory(const PixelDescription& pixels) const { return 5 * pixels.frame_bytes() + 65536; }

}  // namespace fermata::codecs
