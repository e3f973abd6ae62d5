#include "store/bit_stream.hpp"

#include <cstdint>
#include <optional>

#include "transfer_syntax.hpp"

namespace fermata::dicomweb {
namespace {

constexpr uint8_t kStartOfFrame0 = 0xc0, kStartOfFrame1 = 0xc1, kStartOfFrame3 = 0xc3, kStartOfFrame55 = 0xf7;
constexpr uint8_t kStartOfScan = 0xda;
constexpr uint8_t kJpeg2000CodingStyle = 0x52;

/// Walks over the marker segments of a JPEG or JPEG 2000 header.
class Segments {
 public:
  explicit Segments(std::span<const std::byte> bytes) : bytes_(bytes) {}
  /// False at the end of what is known or of what has markers.
  bool next() {
    at_ = next_;
    if (at_ + 4 > bytes_.size() || byte(at_) != 0xff) return false;
    next_ = at_ + 2 + (static_cast<std::size_t>(byte(at_ + 2)) << 8 | byte(at_ + 3));
    return true;
  }
  uint8_t marker() const { return byte(at_ + 1); }
  /// Byte `i` after the length.
  std::optional<uint8_t> content(std::size_t i) const {
    return at_ + 4 + i < bytes_.size() ? std::optional(byte(at_ + 4 + i)) : std::nullopt;
  }

 private:
  uint8_t byte(std::size_t i) const { return std::to_integer<uint8_t>(bytes_[i]); }
  std::span<const std::byte> bytes_;
  std::size_t at_ = 0;
  std::size_t next_ = 2;  // after the first marker, which has no length
};

/// ISO/IEC 10918-1 B.2 and 14495-1 C.2.
std::string_view jpeg(std::span<const std::byte> bytes) {
  uint8_t frame = 0;
  for (Segments segments(bytes); segments.next();) {
    const auto marker = segments.marker();
    if (marker == kStartOfFrame0) return "1.2.840.10008.1.2.4.50";
    if (marker == kStartOfFrame1) return "1.2.840.10008.1.2.4.51";
    if (marker == kStartOfFrame3 || marker == kStartOfFrame55) frame = marker;
    if (marker != kStartOfScan) continue;
    const auto components = segments.content(0);
    const auto selection = components ? segments.content(1 + 2u * *components) : std::nullopt;  // predictor, or NEAR
    if (frame == kStartOfFrame3) return selection == 1 ? "1.2.840.10008.1.2.4.70" : "1.2.840.10008.1.2.4.57";
    if (frame == kStartOfFrame55) return selection == 0 ? "1.2.840.10008.1.2.4.80" : "1.2.840.10008.1.2.4.81";
    return {};
  }
  return {};
}

/// ISO/IEC 15444-1 A.6.1: the transformation is the last byte of the coding style's parameters.
std::string_view jpeg_2000(std::span<const std::byte> bytes, std::string_view reversible,
                           std::string_view irreversible) {
  for (Segments segments(bytes); segments.next();) {
    if (segments.marker() != kJpeg2000CodingStyle) continue;
    const auto transformation = segments.content(9);
    if (!transformation) return {};
    return *transformation == 1 ? reversible : irreversible;
  }
  return {};
}

}  // namespace

std::string_view transfer_syntax_of_bit_stream(std::string_view media_type, std::span<const std::byte> beginning) {
  if (media_type == "image/jpeg" || media_type == "image/jls") return jpeg(beginning);
  if (media_type == "image/jp2") return jpeg_2000(beginning, "1.2.840.10008.1.2.4.90", "1.2.840.10008.1.2.4.91");
  if (media_type == "image/jpx") return jpeg_2000(beginning, "1.2.840.10008.1.2.4.92", "1.2.840.10008.1.2.4.93");
  if (media_type == "image/jphc") return jpeg_2000(beginning, "1.2.840.10008.1.2.4.201", "1.2.840.10008.1.2.4.203");
  return default_transfer_syntax(media_type);
}

}  // namespace fermata::dicomweb
