#include "lossless_transcoder.hpp"

#include <string>

#include "deflate_source.hpp"
#include "fermata/dicom/transfer_syntax.hpp"
#include "fermata/error.hpp"
#include "frame_codecs.hpp"
#include "frame_transcoding.hpp"
#include "pixel_data.hpp"
#include "pixel_transcoding.hpp"
#include "recoding/recoded_object.hpp"
#include "spooled_object.hpp"

namespace fermata::codecs {
namespace {

using dicom::Encoding;
using dicom::uncompressed_encoding;
using dicom::transfer_syntax::kExplicitLittleEndian;

constexpr Encoding kPlain{true, false, false};

Encoding inflated(Encoding encoding) {
  encoding.deflated = false;
  return encoding;
}

/// In another uncompressed encoding, not deflated.
std::unique_ptr<ObjectReader> recode(std::unique_ptr<ObjectReader> object, Encoding from, Encoding to) {
  if (from == to) return object;
  return std::make_unique<RecodedObject>(std::move(object), from, to);
}

}  // namespace

bool LosslessTranscoder::can(std::string_view from, std::string_view to) {
  if (is_kind_of(from, to)) return true;
  const bool readable = uncompressed_encoding(from) || frame_decoder(from) != nullptr;
  const bool writable = uncompressed_encoding(to) || frame_encoder(to) != nullptr;
  return readable && writable;
}

std::unique_ptr<ObjectReader> LosslessTranscoder::transcode(std::unique_ptr<ObjectReader> object, std::string_view from,
                                                            std::string_view to) {
  if (from == to) return object;
  if (!can(from, to))
    throw Error(Code::unsupported,
                "there is no lossless way from transfer syntax " + std::string(from) + " to " + std::string(to));
  const auto source = uncompressed_encoding(from);
  const auto target = uncompressed_encoding(to);
  if (source && source->deflated)
    object = std::make_unique<SpooledObject>(std::make_unique<Inflation>(std::move(object)), memory_.spool_folder());
  if (source && target) {
    object = recode(std::move(object), inflated(*source), inflated(*target));
  } else {
    if (source) object = recode(std::move(object), inflated(*source), kPlain);
    object = transcode_pixels(std::move(object), source ? kExplicitLittleEndian : from,
                              target ? kExplicitLittleEndian : to, memory_);
    if (target) object = recode(std::move(object), kPlain, inflated(*target));
  }
  if (target && target->deflated)
    object = std::make_unique<SpooledObject>(std::make_unique<Deflation>(std::move(object)), memory_.spool_folder());
  return object;
}

std::unique_ptr<FrameReader> LosslessTranscoder::frames(const InstanceRecord& record,
                                                        std::unique_ptr<ObjectReader> object) {
  return std::make_unique<FrameTranscoding>(open_frames(record, std::move(object), memory_),
                                            record.transfer_syntax_uid);
}

}  // namespace fermata::codecs
