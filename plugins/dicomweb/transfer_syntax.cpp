#include "transfer_syntax.hpp"

#include <algorithm>
#include <initializer_list>

namespace fermata::dicomweb {
namespace {

using namespace dicom::transfer_syntax;

struct BitStream {
  std::string_view transfer_syntax;
  std::string_view media_type;
};

/// The first one of a media type is its default.
constexpr BitStream kBitStreams[] = {
    {kJpegLosslessSv1, "image/jpeg"}, {kJpegLossless, "image/jpeg"},     {kJpegBaseline, "image/jpeg"},
    {kJpegExtended, "image/jpeg"},    {kJpegLsLossless, "image/jls"},    {kJpegLsNearLossless, "image/jls"},
    {kJpeg2000Lossless, "image/jp2"}, {kJpeg2000, "image/jp2"},          {kJpeg2000Part2Lossless, "image/jpx"},
    {kJpeg2000Part2, "image/jpx"},    {kHtj2kLossless, "image/jphc"},    {kHtj2kLosslessRpcl, "image/jphc"},
    {kHtj2k, "image/jphc"},           {kJpegXlLossless, "image/jxl"},    {kJpegXlJpegRecompression, "image/jxl"},
    {kJpegXl, "image/jxl"},           {kRleLossless, "image/dicom-rle"},
};

std::string_view video_media_type(std::string_view uid) {
  const auto is_one_of = [uid](std::initializer_list<std::string_view> list) {
    return std::any_of(list.begin(), list.end(), [uid](auto one) { return uid.starts_with(one); });
  };
  if (is_one_of({"1.2.840.10008.1.2.4.100", "1.2.840.10008.1.2.4.101"})) return "video/mpeg";
  return is_one_of({"1.2.840.10008.1.2.4.107", "1.2.840.10008.1.2.4.108"}) ? "video/h265" : "video/mp4";
}

}  // namespace

bool is_native(std::string_view uid) { return dicom::pixel_encoding(uid) == dicom::PixelEncoding::native; }

bool is_video(std::string_view uid) { return dicom::pixel_encoding(uid) == dicom::PixelEncoding::video; }

bool may_be_lossy(std::string_view uid) {
  return is_video(uid) || dicom::pixel_encoding(uid) == dicom::PixelEncoding::lossy;
}

std::string_view media_type_of(std::string_view uid) {
  if (is_video(uid)) return video_media_type(uid);
  const auto found = std::find_if(std::begin(kBitStreams), std::end(kBitStreams),
                                  [&](const BitStream& stream) { return stream.transfer_syntax == uid; });
  return found == std::end(kBitStreams) ? std::string_view{} : found->media_type;
}

std::string_view default_transfer_syntax(std::string_view media_type) {
  if (media_type == "application/octet-stream") return kExplicitLittle;
  if (media_type == "video/mpeg") return "1.2.840.10008.1.2.4.100";
  if (media_type == "video/mp4") return "1.2.840.10008.1.2.4.102";
  if (media_type == "video/h265") return "1.2.840.10008.1.2.4.107";
  for (const auto& stream : kBitStreams)
    if (stream.media_type == media_type) return stream.transfer_syntax;
  return {};
}

std::optional<ChosenTransferSyntax> choose_transfer_syntax(std::string_view wanted, std::string_view stored,
                                                           Transcoder* transcoder) {
  const auto can = [&](std::string_view to) { return transcoder != nullptr && transcoder->can(stored, to); };
  const ChosenTransferSyntax as_stored{std::string(stored), true};
  const ChosenTransferSyntax explicit_little{std::string(kExplicitLittle), false, true};
  if (wanted == stored) return as_stored;
  if (wanted == "*") {
    const bool unused = stored == kImplicitLittle || stored == kExplicitBig;
    return unused && can(kExplicitLittle) ? explicit_little : as_stored;
  }
  if (wanted.empty()) {
    const bool convert = stored != kExplicitLittle && !may_be_lossy(stored) && can(kExplicitLittle);
    return convert ? explicit_little : as_stored;
  }
  if (can(wanted)) return ChosenTransferSyntax{std::string(wanted), false};
  return {};
}

}  // namespace fermata::dicomweb
