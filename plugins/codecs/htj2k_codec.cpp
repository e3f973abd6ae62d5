#include "htj2k_codec.hpp"

#include <openjph/ojph_arch.h>
#include <openjph/ojph_base.h>
#include <openjph/ojph_codestream.h>
#include <openjph/ojph_file.h>
#include <openjph/ojph_mem.h>
#include <openjph/ojph_message.h>
#include <openjph/ojph_params.h>

#include <algorithm>
#include <array>
#include <cstdarg>
#include <cstdio>
#include <stdexcept>
#include <string>

#include "bit_stream_header.hpp"
#include "fermata/error.hpp"
#include "pixel_rows.hpp"

namespace fermata::codecs {
namespace {

using Bytes = std::span<const std::byte>;

constexpr uint32_t kMostBits = 24;  // what OpenJPH codes in 32 bits without loss

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wnon-virtual-dtor"  // of OpenJPH's classes, which nobody deletes
struct Silence final : ojph::message_info {
  void operator()(int, const char*, int, const char*, ...) override {}
};
struct Calm final : ojph::message_warning {
  void operator()(int, const char*, int, const char*, ...) override {}
};
/// OpenJPH expects that an error does not return.
struct Exception final : ojph::message_error {
  void operator()(int, const char*, int, const char* format, ...) override {
    std::array<char, 256> text{};
    va_list arguments;
    va_start(arguments, format);
    std::vsnprintf(text.data(), text.size(), format, arguments);
    va_end(arguments);
    throw std::runtime_error(text.data());
  }
};

#pragma GCC diagnostic pop

/// OpenJPH writes to stderr unless it is told otherwise, once for the process.
void listen() {
  static const bool once = [] {
    static Silence silence;
    static Calm calm;
    static Exception exception;
    ojph::configure_info(&silence);
    ojph::configure_warning(&calm);
    ojph::configure_error(&exception);
    return true;
  }();
  static_cast<void>(once);
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

class Decoding {
 public:
  Decoding(Bytes codestream, const Jpeg2000Header& header, const PixelDescription& pixels)
      : header_(header), pixels_(pixels) {
    file_.open(reinterpret_cast<const ojph::ui8*>(codestream.data()), codestream.size());
    codestream_.read_headers(&file_);
    codestream_.create();
    rows_.assign(pixels.samples, 0);
  }
  void run(std::span<std::byte> into) {
    auto siz = codestream_.access_siz();
    uint64_t lines = 0;
    for (uint32_t c = 0; c < pixels_.samples; ++c) lines += siz.get_recon_height(c);
    for (; lines > 0; --lines) {
      ojph::ui32 component = 0;
      const auto* line = codestream_.pull(component);
      if (line == nullptr || component >= pixels_.samples) throw std::runtime_error("it ends too early");
      const auto down = siz.get_downsampling(component);
      const auto width = (pixels_.columns + down.x - 1) / down.x;
      if (line->size < width) throw std::runtime_error("a line is too short");
      const auto values = std::span(line->i32, width);
      clamp(values, header_.components[component]);
      const auto first = rows_[component] * down.y;
      for (auto row = first; row < std::min(first + down.y, pixels_.rows); ++row)
        write_row(into, pixels_, row, component, values, down.x);
      ++rows_[component];
    }
    codestream_.close();
  }

 private:
  /// Quantization can lead beyond the range of the samples; OpenJPH leaves it at that.
  static void clamp(std::span<int32_t> values, const Jpeg2000Header::Component& component) {
    if (component.precision >= 32) return;
    const auto range = int64_t{1} << component.precision;
    const auto lowest = static_cast<int32_t>(component.is_signed ? -range / 2 : 0);
    const auto highest = static_cast<int32_t>(lowest + range - 1);
    for (auto& value : values) value = std::clamp(value, lowest, highest);
  }

  const Jpeg2000Header& header_;
  const PixelDescription& pixels_;
  ojph::mem_infile file_;
  ojph::codestream codestream_;
  std::vector<uint32_t> rows_;
};

}  // namespace

void Htj2kDecoder::decode(Bytes stream, const PixelDescription& stored, std::span<std::byte> into) const {
  listen();
  const auto pixels = decoded(stored);
  const auto codestream = jpeg2000_codestream(stream);
  const auto header = Jpeg2000Header::read(codestream);
  if (!header) throw Error(Code::corrupt, "the frame is no HTJ2K codestream");
  header->check(stored);
  if (header->offset) throw Error(Code::unsupported, "the frame's image area does not begin at its origin");
  try {
    Decoding(codestream, *header, pixels).run(into);
  } catch (const std::runtime_error& error) {
    throw Error(Code::corrupt, std::string("the frame can't be decoded: ") + error.what());
  }
  const auto& first = header->components.front();
  if (!first.is_signed) extend_sign(into, pixels, first.precision);
}

uint64_t Htj2kDecoder::working_memory(const PixelDescription& stored) const {
  return 8 * stored.pixels() * stored.samples + (1 << 20);
}

PixelDescription Htj2kEncoder::encoded(PixelDescription pixels) const {
  return reversibly_encoded(std::move(pixels), kMostBits);
}

std::vector<std::byte> Htj2kEncoder::encode(Bytes frame, const PixelDescription& pixels) const {
  listen();
  check_values_only(frame, pixels);
  const bool colour = encoded(pixels).photometric_interpretation == "YBR_RCT";
  try {
    ojph::codestream codestream;
    auto siz = codestream.access_siz();
    siz.set_image_extent(ojph::point(pixels.columns, pixels.rows));
    siz.set_num_components(pixels.samples);
    for (uint32_t sample = 0; sample < pixels.samples; ++sample)
      siz.set_component(sample, ojph::point(1, 1), pixels.bits_stored, pixels.is_signed);
    siz.set_tile_size(ojph::size(pixels.columns, pixels.rows));
    auto cod = codestream.access_cod();
    cod.set_num_decomposition(decomposition_levels(pixels));
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

uint64_t Htj2kEncoder::working_memory(const PixelDescription& pixels) const {
  return 12 * pixels.pixels() * pixels.samples + (1 << 20);
}

}  // namespace fermata::codecs
