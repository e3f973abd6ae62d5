#include "htj2k_encoder.hpp"

#include <openjph/ojph_arch.h>
#include <openjph/ojph_base.h>
#include <openjph/ojph_codestream.h>
#include <openjph/ojph_file.h>
#include <openjph/ojph_mem.h>
#include <openjph/ojph_message.h>
#include <openjph/ojph_params.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <stdexcept>
#include <string>

#include "fermata/error.hpp"
#include "jpeg2000_codec.hpp"
#include "pixel_rows.hpp"

namespace fermata::codecs {
namespace {

using Bytes = std::span<const std::byte>;

constexpr int kAttempts = 3;        // OpenJPH 0.21 now and then loses pixels of signed colours, and not the next time
constexpr uint32_t kMostBits = 16;  // OpenJPH ends the process over noise of 22 bits

/// OpenJPH writes to stderr before it throws, unless it has another stream; its handlers can't be replaced in 0.9.
void silence() {
  static std::FILE* const nowhere = [] {
    auto* stream = std::fopen("/dev/null", "we");
    if (stream != nullptr) {
      ojph::set_info_stream(stream);
      ojph::set_warning_stream(stream);
      ojph::set_error_stream(stream);
    }
    return stream;
  }();
  static_cast<void>(nowhere);
}

/// Inserts the TLM marker segment for the one tile-part there is (ISO/IEC 15444-1 A.7.1).
void insert_tile_part_length(std::vector<std::byte>& codestream) {
  constexpr std::array kSot{std::byte{0xff}, std::byte{0x90}};
  std::size_t at = 2;
  while (codestream.size() - at >= 4 && !std::equal(kSot.begin(), kSot.end(), codestream.data() + at))
    at +=
        2 + (std::to_integer<std::size_t>(codestream[at + 2]) << 8 | std::to_integer<std::size_t>(codestream[at + 3]));
  if (codestream.size() < at + 12) throw Error(Code::internal, "OpenJPH has made no tile-part");
  const auto* psot = codestream.data() + at + 6;
  const std::array segment{std::byte{0xff}, std::byte{0x55}, std::byte{0}, std::byte{8}, std::byte{0},
                           std::byte{0x40}, psot[0],         psot[1],      psot[2],      psot[3]};
  codestream.insert(codestream.begin() + static_cast<std::ptrdiff_t>(at), segment.begin(), segment.end());
}

std::vector<std::byte> compressed(Bytes frame, const PixelDescription& pixels, bool colour) {
  try {
    ojph::codestream codestream;
    auto siz = codestream.access_siz();
    siz.set_image_extent(ojph::point(pixels.columns, pixels.rows));
    siz.set_num_components(pixels.samples);
    for (uint32_t sample = 0; sample < pixels.samples; ++sample)
      siz.set_component(sample, ojph::point(1, 1), pixels.bits_stored, pixels.is_signed);
    siz.set_tile_size(ojph::size(pixels.columns, pixels.rows));
    auto cod = codestream.access_cod();
    // OpenJPH 0.21, which Debian 13 has, loses pixels without any.
    cod.set_num_decomposition(std::max(1u, decomposition_levels(pixels)));
    cod.set_progression_order("RPCL");
    cod.set_color_transform(colour);
    cod.set_reversible(true);
    codestream.set_planar(false);
    ojph::mem_outfile file;
    file.open(frame.size() / 2 + 1024);
    codestream.write_headers(&file);
    ojph::ui32 component = 0;
    auto* line = codestream.exchange(nullptr, component);
    for (uint32_t row = 0; row < pixels.rows; ++row)
      for (uint32_t sample = 0; sample < pixels.samples; ++sample) {
        read_row(frame, pixels, row, component, std::span(line->i32, pixels.columns));
        line = codestream.exchange(line, component);
      }
    codestream.flush();
    const auto bytes = std::as_bytes(std::span(file.get_data(), static_cast<std::size_t>(file.tell())));
    std::vector<std::byte> out(bytes.begin(), bytes.end());
    codestream.close();
    insert_tile_part_length(out);
    return out;
  } catch (const Error&) {
    throw;
  } catch (const std::runtime_error& error) {
    throw Error(Code::unsupported, std::string("the frame can't be compressed: ") + error.what());
  }
}

/// By another library than the one that has compressed it.
bool gives_back(Bytes stream, const PixelDescription& stored, Bytes frame) try {
  std::vector<std::byte> again(frame.size());
  Jpeg2000Decoder().decode(stream, stored, again);
  return std::equal(frame.begin(), frame.end(), again.begin());
} catch (const Error&) {
  return false;
}

}  // namespace

PixelDescription Htj2kEncoder::encoded(PixelDescription pixels) const {
  return reversibly_encoded(std::move(pixels), kMostBits);
}

std::vector<std::byte> Htj2kEncoder::encode(Bytes frame, const PixelDescription& pixels) const {
  silence();
  check_values_only(frame, pixels);
  const auto stored = encoded(pixels);
  for (int attempt = 0; attempt < kAttempts; ++attempt) {
    auto stream = compressed(frame, pixels, stored.photometric_interpretation == "YBR_RCT");
    if (gives_back(stream, stored, frame)) return stream;
  }
  throw Error(Code::unsupported, "the frame can't be compressed: OpenJPH loses pixels of it");
}

uint64_t Htj2kEncoder::working_memory(const PixelDescription& pixels) const {
  return 12 * pixels.pixels() * pixels.samples + (1 << 20) + pixels.frame_bytes() +
         Jpeg2000Decoder().working_memory(encoded(pixels));
}

}  // namespace fermata::codecs
