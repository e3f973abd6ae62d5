#include "rle_decoder.hpp"

#include <algorithm>
#include <cstring>
#include <string>

#include "fermata/error.hpp"
#include "pixel_rows.hpp"

namespace fermata::codecs {
namespace {

using Bytes = std::span<const std::byte>;

constexpr std::size_t kHeader = 64;
constexpr std::size_t kMostSegments = 15;

uint32_t u32(Bytes b, std::size_t at) {
  uint32_t value = 0;
  std::memcpy(&value, b.data() + at, sizeof value);
  return value;
}

/// One byte of each cell: every `stride`-th byte of `into`, from the first on (G.3.2).
void decode_segment(Bytes segment, std::span<std::byte> into, std::size_t stride) {
  std::size_t at = 0;
  std::size_t to = 0;
  const auto short_of = [](const char* what) {
    throw Error(Code::corrupt, std::string("an RLE segment is damaged: it has too few ") + what);
  };
  while (to < into.size()) {
    if (at == segment.size()) short_of("pixels");
    const auto control = std::to_integer<unsigned>(segment[at++]);
    if (control == 128) continue;
    const std::size_t room = (into.size() - to + stride - 1) / stride;
    if (control < 128) {
      const auto count = std::min<std::size_t>(control + 1, room);
      if (count > segment.size() - at) short_of("bytes");
      for (std::size_t i = 0; i < count; ++i, to += stride) into[to] = segment[at + i];
      at += count;
    } else {
      if (at == segment.size()) short_of("bytes");
      const auto count = std::min<std::size_t>(257 - control, room);
      for (std::size_t i = 0; i < count; ++i, to += stride) into[to] = segment[at];
      ++at;
    }
  }
}

}  // namespace

PixelDescription RleDecoder::decoded(PixelDescription stored) const {
  check_cells(stored);
  if (stored.bits_allocated == 1) throw Error(Code::unsupported, "single bits have no place in RLE");
  return interleaved(std::move(stored));
}

void RleDecoder::decode(Bytes stream, const PixelDescription& stored, std::span<std::byte> into) const {
  const std::size_t cell = stored.bits_allocated / 8;
  const std::size_t segments = cell * stored.samples;
  if (stream.size() < kHeader || u32(stream, 0) != segments || segments > kMostSegments)
    throw Error(Code::corrupt,
                "the frame has not the " + std::to_string(segments) + " RLE segments that its description demands");
  const auto stride = segments;
  for (std::size_t i = 0; i < segments; ++i) {
    const std::size_t begin = u32(stream, 4 + 4 * i);
    const std::size_t end = i + 1 < segments ? u32(stream, 8 + 4 * i) : stream.size();
    if (begin < kHeader || begin > end || end > stream.size())
      throw Error(Code::corrupt, "the frame's RLE segments are not where its header says");
    // The most significant bytes of the first sample come first (G.2).
    const std::size_t sample = i / cell;
    const std::size_t byte = cell - 1 - i % cell;
    decode_segment(stream.subspan(begin, end - begin), into.subspan(sample * cell + byte), stride);
  }
}

/// The number of segments, and that the first one comes right after the header.
bool RleDecoder::begins(Bytes bytes) const {
  return bytes.size() >= 8 && u32(bytes, 0) >= 1 && u32(bytes, 0) <= kMostSegments && u32(bytes, 4) == kHeader;
}

}  // namespace fermata::codecs
