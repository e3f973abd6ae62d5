#include "transfer_syntax.hpp"

#include "fermata/error.hpp"

namespace fermata::application_entities {
namespace {

struct Known {
  std::string_view uid;
  std::string_view keyword;
  std::string_view name;
};

constexpr Known kKnown[] = {
    {"1.2.840.10008.1.2", "ImplicitVRLittleEndian", "Implicit VR Little Endian"},
    {"1.2.840.10008.1.2.1", "ExplicitVRLittleEndian", "Explicit VR Little Endian"},
    {"1.2.840.10008.1.2.1.98", "EncapsulatedUncompressedExplicitVRLittleEndian",
     "Encapsulated Uncompressed Explicit VR Little Endian"},
    {"1.2.840.10008.1.2.1.99", "DeflatedExplicitVRLittleEndian", "Deflated Explicit VR Little Endian"},
    {"1.2.840.10008.1.2.2", "ExplicitVRBigEndian", "Explicit VR Big Endian"},
    {"1.2.840.10008.1.2.4.50", "JPEGBaseline8Bit", "JPEG Baseline (Process 1)"},
    {"1.2.840.10008.1.2.4.51", "JPEGExtended12Bit", "JPEG Extended (Process 2 and 4)"},
    {"1.2.840.10008.1.2.4.57", "JPEGLossless", "JPEG Lossless, Non-Hierarchical (Process 14)"},
    {"1.2.840.10008.1.2.4.70", "JPEGLosslessSV1",
     "JPEG Lossless, Non-Hierarchical, First-Order Prediction (Process 14 [Selection Value 1])"},
    {"1.2.840.10008.1.2.4.80", "JPEGLSLossless", "JPEG-LS Lossless Image Compression"},
    {"1.2.840.10008.1.2.4.81", "JPEGLSNearLossless", "JPEG-LS Lossy (Near-Lossless) Image Compression"},
    {"1.2.840.10008.1.2.4.90", "JPEG2000Lossless", "JPEG 2000 Image Compression (Lossless Only)"},
    {"1.2.840.10008.1.2.4.91", "JPEG2000", "JPEG 2000 Image Compression"},
    {"1.2.840.10008.1.2.4.92", "JPEG2000MCLossless",
     "JPEG 2000 Part 2 Multi-component Image Compression (Lossless Only)"},
    {"1.2.840.10008.1.2.4.93", "JPEG2000MC", "JPEG 2000 Part 2 Multi-component Image Compression"},
    {"1.2.840.10008.1.2.4.100", "MPEG2MPML", "MPEG2 Main Profile / Main Level"},
    {"1.2.840.10008.1.2.4.101", "MPEG2MPHL", "MPEG2 Main Profile / High Level"},
    {"1.2.840.10008.1.2.4.102", "MPEG4HP41", "MPEG-4 AVC/H.264 High Profile / Level 4.1"},
    {"1.2.840.10008.1.2.4.103", "MPEG4HP41BD", "MPEG-4 AVC/H.264 BD-compatible High Profile / Level 4.1"},
    {"1.2.840.10008.1.2.4.104", "MPEG4HP422D", "MPEG-4 AVC/H.264 High Profile / Level 4.2 For 2D Video"},
    {"1.2.840.10008.1.2.4.105", "MPEG4HP423D", "MPEG-4 AVC/H.264 High Profile / Level 4.2 For 3D Video"},
    {"1.2.840.10008.1.2.4.106", "MPEG4HP42STEREO", "MPEG-4 AVC/H.264 Stereo High Profile / Level 4.2"},
    {"1.2.840.10008.1.2.4.107", "HEVCMP51", "HEVC/H.265 Main Profile / Level 5.1"},
    {"1.2.840.10008.1.2.4.108", "HEVCM10P51", "HEVC/H.265 Main 10 Profile / Level 5.1"},
    {"1.2.840.10008.1.2.4.110", "JPEGXLLossless", "JPEG XL Lossless"},
    {"1.2.840.10008.1.2.4.111", "JPEGXLJPEGRecompression", "JPEG XL JPEG Recompression"},
    {"1.2.840.10008.1.2.4.112", "JPEGXL", "JPEG XL"},
    {"1.2.840.10008.1.2.4.201", "HTJ2KLossless", "High-Throughput JPEG 2000 Image Compression (Lossless Only)"},
    {"1.2.840.10008.1.2.4.202", "HTJ2KLosslessRPCL",
     "High-Throughput JPEG 2000 with RPCL Options Image Compression (Lossless Only)"},
    {"1.2.840.10008.1.2.4.203", "HTJ2K", "High-Throughput JPEG 2000 Image Compression"},
    {"1.2.840.10008.1.2.5", "RLELossless", "RLE Lossless"},
};

constexpr std::size_t kLongestUid = 64;

/// Letters and digits in lower case: what people vary is the rest.
std::string essence(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c >= 'A' && c <= 'Z')
      out += static_cast<char>(c - 'A' + 'a');
    else if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'))
      out += c;
  }
  return out;
}

/// PS3.5 9.1: numbers joined by dots, none with a leading zero.
bool is_uid(std::string_view text) {
  if (text.empty() || text.size() > kLongestUid) return false;
  for (std::size_t begin = 0; begin <= text.size();) {
    const auto component = text.substr(begin, text.find('.', begin) - begin);
    if (component.empty() || component.find_first_not_of("0123456789") != std::string_view::npos) return false;
    if (component.size() > 1 && component.front() == '0') return false;
    begin += component.size() + 1;
  }
  return true;
}

}  // namespace

std::string transfer_syntax_uid(std::string_view text) {
  if (is_uid(text)) return std::string(text);
  const auto wanted = essence(text);
  for (const auto& known : kKnown)
    if (wanted == essence(known.keyword) || wanted == essence(known.name)) return std::string(known.uid);
  throw Error(Code::invalid, "\"" + std::string(text) +
                                 "\" is not a transfer syntax: give its UID or its keyword from PS3.6, such as "
                                 "1.2.840.10008.1.2.4.90 or JPEG2000Lossless");
}

}  // namespace fermata::application_entities
