#include "bit_stream_header.hpp"

#include <algorithm>
#include <cstring>
#include <string>

#include "fermata/error.hpp"

namespace fermata::codecs {
namespace {

using Bytes = std::span<const std::byte>;

uint32_t u8(Bytes b, std::size_t at) { return std::to_integer<uint32_t>(b[at]); }
uint32_t u16(Bytes b, std::size_t at) { return u8(b, at) << 8 | u8(b, at + 1); }
uint32_t u32(Bytes b, std::size_t at) { return u16(b, at) << 16 | u16(b, at + 2); }

constexpr uint32_t kSof55 = 0xf7;

/// SOF0 to SOF15; DHT, JPG and DAC have their numbers from the same range.
bool is_frame_header(uint32_t marker) {
  if (marker == kSof55) return true;
  return marker >= 0xc0 && marker <= 0xcf && marker != 0xc4 && marker != 0xc8 && marker != 0xcc;
}

/// A marker segment with a length that may stand before the frame header.
bool is_segment(uint32_t marker) {
  return marker == 0xc4 || marker == 0xcc || (marker >= 0xdb && marker <= 0xef) || (marker >= 0xf0 && marker <= 0xfe);
}

std::string size_text(uint32_t rows, uint32_t columns) {
  return std::to_string(columns) + " by " + std::to_string(rows) + " pixels";
}

void check_size(const PixelDescription& stored, uint32_t rows, uint32_t columns, std::size_t components) {
  if (rows != stored.rows || columns != stored.columns)
    throw Error(Code::corrupt, "the frame has " + size_text(rows, columns) + ", but the object says " +
                                   size_text(stored.rows, stored.columns));
  if (components != stored.samples)
    throw Error(Code::corrupt, "the frame has " + std::to_string(components) +
                                   " samples per pixel, but the object says " + std::to_string(stored.samples));
}

void check_precision(const PixelDescription& stored, uint32_t precision) {
  if (precision == 0 || precision > stored.bits_allocated)
    throw Error(Code::corrupt, "the frame has samples of " + std::to_string(precision) + " bits, for which the " +
                                   std::to_string(stored.bits_allocated) + " allocated ones have no room");
}

}  // namespace

std::optional<JpegHeader> JpegHeader::read(Bytes stream) {
  if (stream.size() < 4 || u16(stream, 0) != 0xffd8) return {};
  for (std::size_t at = 2; stream.size() - at >= 4;) {
    if (u8(stream, at) != 0xff) return {};
    const auto marker = u8(stream, at + 1);
    if (marker == 0xff) {  // fill byte
      ++at;
      continue;
    }
    const std::size_t length = u16(stream, at + 2);
    if (length < 2 || length > stream.size() - at - 2) return {};
    if (is_frame_header(marker)) {
      if (length < 8) return {};
      return JpegHeader{static_cast<uint8_t>(marker), u8(stream, at + 4), u16(stream, at + 5), u16(stream, at + 7),
                        u8(stream, at + 9)};
    }
    if (!is_segment(marker)) return {};
    at += length + 2;
  }
  return {};
}

void JpegHeader::check(const PixelDescription& stored) const {
  check_size(stored, rows, columns, components);
  check_precision(stored, precision);
}

std::optional<Jpeg2000Header> Jpeg2000Header::read(Bytes b) {
  constexpr std::size_t kFixed = 42;
  if (b.size() < kFixed || u32(b, 0) != 0xff4fff51) return {};
  const std::size_t count = u16(b, 40);
  if (u16(b, 4) != 38 + 3 * count || b.size() < kFixed + 3 * count || count == 0) return {};
  const auto x1 = u32(b, 8);
  const auto y1 = u32(b, 12);
  const auto x0 = u32(b, 16);
  const auto y0 = u32(b, 20);
  const auto tile_width = u32(b, 24);
  const auto tile_height = u32(b, 28);
  const auto tile_x0 = u32(b, 32);
  const auto tile_y0 = u32(b, 36);
  if (x1 <= x0 || y1 <= y0 || tile_width == 0 || tile_height == 0 || tile_x0 > x0 || tile_y0 > y0) return {};
  Jpeg2000Header header;
  header.columns = x1 - x0;
  header.rows = y1 - y0;
  header.offset = x0 != 0 || y0 != 0 || tile_x0 != 0 || tile_y0 != 0;
  const auto tiles = [](uint64_t end, uint64_t size) { return (end + size - 1) / size; };
  header.tiles = tiles(x1 - tile_x0, tile_width) * tiles(y1 - tile_y0, tile_height);
  for (std::size_t i = 0; i < count; ++i) {
    const auto at = kFixed + 3 * i;
    Component c{(u8(b, at) & 0x7f) + 1, (u8(b, at) & 0x80) != 0, u8(b, at + 1), u8(b, at + 2)};
    if (c.dx == 0 || c.dy == 0) return {};
    header.components.push_back(c);
  }
  return header;
}

void Jpeg2000Header::check(const PixelDescription& stored) const {
  check_size(stored, rows, columns, components.size());
  for (const auto& component : components) check_precision(stored, component.precision);
  // Each tile costs a decoder some KiB before it has read anything.
  constexpr uint64_t kFewTiles = 64;
  constexpr uint64_t kSmallestTile = 64 * 64;
  if (tiles > std::max<uint64_t>(kFewTiles, stored.pixels() / kSmallestTile))
    throw Error(Code::corrupt, "the frame claims to be cut into " + std::to_string(tiles) + " tiles");
}

namespace {

constexpr uint32_t kCod = 0xff52;
constexpr uint32_t kCoc = 0xff53;
constexpr uint32_t kSot = 0xff90;
constexpr uint32_t kSod = 0xff93;

/// Code-block style of COD and COC; the component's number before it takes two bytes where there are over 256.
bool may_be_high_throughput(uint32_t marker, Bytes segment) {
  constexpr uint32_t kHighThroughput = 0x40;
  const auto style = [&](std::size_t at) { return segment.size() > at && (u8(segment, at) & kHighThroughput) != 0; };
  if (marker == kCod) return style(10);
  return marker == kCoc && (style(7) || style(8));
}

bool looks_like_marker(Bytes coded) {
  for (std::size_t at = 0; at + 1 < coded.size(); ++at) {
    const auto* found = static_cast<const std::byte*>(std::memchr(coded.data() + at, 0xff, coded.size() - 1 - at));
    if (found == nullptr) return false;
    at = static_cast<std::size_t>(found - coded.data());
    if (u8(coded, at + 1) > 0x8f) return true;
  }
  return false;
}

}  // namespace

void check_coded_data(Bytes codestream) {
  bool high_throughput = false;
  bool stray = false;
  Bytes rest = codestream.subspan(std::min<std::size_t>(2, codestream.size()));
  Bytes tile_part;  // from its SOT on
  while (rest.size() >= 4) {
    const auto marker = u16(rest, 0);
    if (marker == kSod) {
      const auto header = static_cast<std::size_t>(rest.data() - tile_part.data());
      const auto length = tile_part.size() >= 10 ? u32(tile_part, 6) : 0;
      // Length 0: up to the end of the codestream, which is a marker.
      const auto end = length == 0 ? tile_part.size() : std::min<std::size_t>(tile_part.size(), length);
      if (end <= header + 2) break;
      auto coded = tile_part.subspan(header + 2, end - header - 2);
      if (end == tile_part.size() && coded.size() >= 2 && u16(coded, coded.size() - 2) == 0xffd9)
        coded = coded.first(coded.size() - 2);
      stray = stray || looks_like_marker(coded);
      rest = tile_part.subspan(end);
      continue;
    }
    if (marker == kSot) tile_part = rest;
    const std::size_t length = u16(rest, 2);
    if (marker < 0xff00 || length < 2 || length > rest.size() - 2) break;
    high_throughput = high_throughput || may_be_high_throughput(marker, rest.subspan(2, length));
    rest = rest.subspan(2 + length);
  }
  if (high_throughput && stray)
    throw Error(Code::corrupt, "the frame's coded data is damaged: there are markers in it");
}

Bytes jpeg2000_codestream(Bytes stream) {
  if (stream.size() < 12 || u32(stream, 0) != 12 || u32(stream, 4) != 0x6a502020) return stream;
  for (std::size_t at = 0; stream.size() - at >= 8;) {
    const uint64_t length = u32(stream, at);
    constexpr uint32_t kContiguousCodestream = 0x6a703263;
    const std::size_t header = length == 1 ? 16 : 8;
    if (u32(stream, at + 4) == kContiguousCodestream && stream.size() - at >= header) {
      const auto content = stream.subspan(at + header);
      return length <= header || length - header > content.size()
                 ? content
                 : content.first(static_cast<std::size_t>(length) - header);
    }
    if (length < 8 || length > stream.size() - at) break;
    at += static_cast<std::size_t>(length);
  }
  return stream;
}

}  // namespace fermata::codecs
