#pragma once
#include <optional>
#include <string_view>

namespace fermata::dicom {

/// UIDs of transfer syntaxes (PS3.6 table A-1), for code that names one.
namespace transfer_syntax {
inline constexpr std::string_view kImplicitLittleEndian = "1.2.840.10008.1.2";
inline constexpr std::string_view kExplicitLittleEndian = "1.2.840.10008.1.2.1";
inline constexpr std::string_view kEncapsulatedUncompressed = "1.2.840.10008.1.2.1.98";
inline constexpr std::string_view kDeflatedExplicitLittleEndian = "1.2.840.10008.1.2.1.99";
inline constexpr std::string_view kExplicitBigEndian = "1.2.840.10008.1.2.2";
inline constexpr std::string_view kJpegBaseline = "1.2.840.10008.1.2.4.50";
inline constexpr std::string_view kJpegExtended = "1.2.840.10008.1.2.4.51";
inline constexpr std::string_view kJpegSpectralSelection = "1.2.840.10008.1.2.4.53";  ///< retired, like the next
inline constexpr std::string_view kJpegProgressive = "1.2.840.10008.1.2.4.55";
inline constexpr std::string_view kJpegLossless = "1.2.840.10008.1.2.4.57";
inline constexpr std::string_view kJpegLosslessSv1 = "1.2.840.10008.1.2.4.70";
inline constexpr std::string_view kJpegLsLossless = "1.2.840.10008.1.2.4.80";
inline constexpr std::string_view kJpegLsNearLossless = "1.2.840.10008.1.2.4.81";
inline constexpr std::string_view kJpeg2000Lossless = "1.2.840.10008.1.2.4.90";
inline constexpr std::string_view kJpeg2000 = "1.2.840.10008.1.2.4.91";
inline constexpr std::string_view kJpeg2000Part2Lossless = "1.2.840.10008.1.2.4.92";
inline constexpr std::string_view kJpeg2000Part2 = "1.2.840.10008.1.2.4.93";
inline constexpr std::string_view kJpegXlLossless = "1.2.840.10008.1.2.4.110";
inline constexpr std::string_view kJpegXlJpegRecompression = "1.2.840.10008.1.2.4.111";
inline constexpr std::string_view kJpegXl = "1.2.840.10008.1.2.4.112";
inline constexpr std::string_view kHtj2kLossless = "1.2.840.10008.1.2.4.201";
inline constexpr std::string_view kHtj2kLosslessRpcl = "1.2.840.10008.1.2.4.202";
inline constexpr std::string_view kHtj2k = "1.2.840.10008.1.2.4.203";
inline constexpr std::string_view kRleLossless = "1.2.840.10008.1.2.5";
inline constexpr std::string_view kDeflatedImageFrame = "1.2.840.10008.1.2.8.1";
}  // namespace transfer_syntax

/// How the elements of a data set are encoded (PS3.5 7, A.1 to A.3, A.5).
struct Encoding {
  bool explicit_vr = true;
  bool big_endian = false;
  bool deflated = false;
  friend bool operator==(const Encoding&, const Encoding&) = default;
};

/// Of a transfer syntax with native pixel data. Empty for every other one: those of compressed pixel data, whose
/// elements are in Explicit VR Little Endian, and unknown ones.
constexpr std::optional<Encoding> uncompressed_encoding(std::string_view uid) {
  if (uid == transfer_syntax::kImplicitLittleEndian) return Encoding{false, false, false};
  if (uid == transfer_syntax::kExplicitLittleEndian) return Encoding{true, false, false};
  if (uid == transfer_syntax::kExplicitBigEndian) return Encoding{true, true, false};
  if (uid == transfer_syntax::kDeflatedExplicitLittleEndian) return Encoding{true, false, true};
  return {};
}

/// What a transfer syntax does to pixels (PS3.5 8.2, A.4).
enum class PixelEncoding {
  native,
  lossless,  ///< encapsulated, each frame alone; uncompressed (A.4.11) included
  lossy,     ///< likewise, and something may be lost
  video,     ///< encapsulated; frames depend on each other
  unknown,   ///< a private one, or one that this list does not know yet
};

constexpr PixelEncoding pixel_encoding(std::string_view uid) {
  using namespace transfer_syntax;
  if (uncompressed_encoding(uid)) return PixelEncoding::native;
  for (const auto lossless :
       {kEncapsulatedUncompressed, kJpegLossless, kJpegLosslessSv1, kJpegLsLossless, kJpeg2000Lossless,
        kJpeg2000Part2Lossless, kJpegXlLossless, kHtj2kLossless, kHtj2kLosslessRpcl, kRleLossless, kDeflatedImageFrame})
    if (uid == lossless) return PixelEncoding::lossless;
  for (const auto lossy : {kJpegBaseline, kJpegExtended, kJpegSpectralSelection, kJpegProgressive, kJpegLsNearLossless,
                           kJpeg2000, kJpeg2000Part2, kJpegXlJpegRecompression, kJpegXl, kHtj2k})
    if (uid == lossy) return PixelEncoding::lossy;
  for (const auto video : {"1.2.840.10008.1.2.4.100", "1.2.840.10008.1.2.4.101", "1.2.840.10008.1.2.4.102",
                           "1.2.840.10008.1.2.4.103", "1.2.840.10008.1.2.4.104", "1.2.840.10008.1.2.4.105",
                           "1.2.840.10008.1.2.4.106", "1.2.840.10008.1.2.4.107", "1.2.840.10008.1.2.4.108"})
    // The fragmentable ones (PS3.5 A.4.9) have one more component.
    if (uid == video || (uid.size() == 25 && uid.starts_with(video) && uid.ends_with(".1")))
      return PixelEncoding::video;
  return PixelEncoding::unknown;
}

}  // namespace fermata::dicom
