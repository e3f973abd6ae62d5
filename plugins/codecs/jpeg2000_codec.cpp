#include "jpeg2000_codec.hpp"

#include <openjpeg.h>

#include <algorithm>
#include <cstring>
#include <memory>
#include <string>

#include "bit_stream_header.hpp"
#include "fermata/error.hpp"
#include "pixel_rows.hpp"

namespace fermata::codecs {
namespace {

using Bytes = std::span<const std::byte>;
using Codec = std::unique_ptr<opj_codec_t, decltype([](opj_codec_t* c) { opj_destroy_codec(c); })>;
using Stream = std::unique_ptr<opj_stream_t, decltype([](opj_stream_t* s) { opj_stream_destroy(s); })>;
using Image = std::unique_ptr<opj_image_t, decltype([](opj_image_t* i) { opj_image_destroy(i); })>;

constexpr uint32_t kMostBits = 22;  // OpenJPEG's encoder loses something from 24 on
constexpr OPJ_SIZE_T kEnd = static_cast<OPJ_SIZE_T>(-1);

/// A codestream in memory, read by OpenJPEG.
struct Input {
  Bytes bytes;
  std::size_t at = 0;

  static OPJ_SIZE_T read(void* into, OPJ_SIZE_T size, void* self) {
    auto& in = *static_cast<Input*>(self);
    const auto count = std::min<std::size_t>(size, in.bytes.size() - in.at);
    if (count == 0) return kEnd;
    std::memcpy(into, in.bytes.data() + in.at, count);
    in.at += count;
    return count;
  }
  static OPJ_OFF_T skip(OPJ_OFF_T count, void* self) {
    auto& in = *static_cast<Input*>(self);
    if (count < 0 || static_cast<std::size_t>(count) > in.bytes.size() - in.at) return -1;
    in.at += static_cast<std::size_t>(count);
    return count;
  }
  static OPJ_BOOL seek(OPJ_OFF_T to, void* self) {
    auto& in = *static_cast<Input*>(self);
    if (to < 0 || static_cast<std::size_t>(to) > in.bytes.size()) return OPJ_FALSE;
    in.at = static_cast<std::size_t>(to);
    return OPJ_TRUE;
  }
};

/// The codestream that OpenJPEG writes; no exception may pass through it.
struct Output {
  std::vector<std::byte> bytes;
  std::size_t at = 0;

  bool reach(std::size_t end) {
    if (end <= bytes.size()) return true;
    try {
      bytes.resize(end);
      return true;
    } catch (const std::bad_alloc&) {
      return false;
    }
  }
  static OPJ_SIZE_T write(void* from, OPJ_SIZE_T size, void* self) {
    auto& out = *static_cast<Output*>(self);
    if (!out.reach(out.at + size)) return kEnd;
    std::memcpy(out.bytes.data() + out.at, from, size);
    out.at += size;
    return size;
  }
  static OPJ_OFF_T skip(OPJ_OFF_T count, void* self) {
    auto& out = *static_cast<Output*>(self);
    if (count < 0 || !out.reach(out.at + static_cast<std::size_t>(count))) return -1;
    out.at += static_cast<std::size_t>(count);
    return count;
  }
  static OPJ_BOOL seek(OPJ_OFF_T to, void* self) {
    auto& out = *static_cast<Output*>(self);
    if (to < 0 || !out.reach(static_cast<std::size_t>(to))) return OPJ_FALSE;
    out.at = static_cast<std::size_t>(to);
    return OPJ_TRUE;
  }
};

/// OpenJPEG's complaints: the first of them is the cause.
struct Complaint {
  std::string text;
  static void keep(const char* message, void* self) {
    auto& complaint = *static_cast<Complaint*>(self);
    if (!complaint.text.empty()) return;
    complaint.text = message;
    while (!complaint.text.empty() && complaint.text.back() == '\n') complaint.text.pop_back();
  }
  static void ignore(const char*, void*) {}
  void listen(opj_codec_t* codec) {
    opj_set_error_handler(codec, keep, this);
    opj_set_warning_handler(codec, ignore, nullptr);
    opj_set_info_handler(codec, ignore, nullptr);
  }
  [[noreturn]] void raise(Code code, const std::string& what) const {
    throw Error(code, text.empty() ? what : what + ": " + text);
  }
};

template <class T>
T needed(T object) {
  if (!object) throw Error(Code::out_of_memory, "OpenJPEG has got no memory");
  return object;
}

/// Rows of a component, whatever its subsampling, into the frame.
void write_component(const opj_image_comp_t& component, uint32_t sample, const PixelDescription& d,
                     std::span<std::byte> into) {
  const uint32_t width = (d.columns + component.dx - 1) / component.dx;
  const uint32_t height = (d.rows + component.dy - 1) / component.dy;
  if (component.data == nullptr || component.w != width || component.h != height)
    throw Error(Code::corrupt, "a component of the frame is not as large as the image");
  for (uint32_t row = 0; row < d.rows; ++row)
    write_row(into, d, row, sample, std::span(component.data + std::size_t{row / component.dy} * width, width),
              component.dx);
}

}  // namespace

PixelDescription Jpeg2000Decoder::decoded(PixelDescription stored) const {
  check_cells(stored);
  auto& photometric = stored.photometric_interpretation;
  if (photometric == "YBR_RCT" || photometric == "YBR_ICT") photometric = "RGB";
  if (photometric == "YBR_PARTIAL_420" || photometric == "YBR_FULL_420") photometric = "YBR_FULL";
  return interleaved(std::move(stored));
}

void Jpeg2000Decoder::decode(Bytes stream, const PixelDescription& stored, std::span<std::byte> into) const {
  const auto pixels = decoded(stored);
  Input input{jpeg2000_codestream(stream)};
  const auto header = Jpeg2000Header::read(input.bytes);
  if (!header) throw Error(Code::corrupt, "the frame is no JPEG 2000 codestream");
  header->check(stored);
  check_coded_data(input.bytes);

  const Codec codec(needed(opj_create_decompress(OPJ_CODEC_J2K)));
  Complaint complaint;
  complaint.listen(codec.get());
  opj_dparameters_t parameters;
  opj_set_default_decoder_parameters(&parameters);
  if (!opj_setup_decoder(codec.get(), &parameters)) complaint.raise(Code::internal, "OpenJPEG can't be set up");
  const Stream source(needed(opj_stream_create(std::max<std::size_t>(input.bytes.size(), 1), OPJ_TRUE)));
  opj_stream_set_user_data(source.get(), &input, nullptr);
  opj_stream_set_user_data_length(source.get(), input.bytes.size());
  opj_stream_set_read_function(source.get(), Input::read);
  opj_stream_set_skip_function(source.get(), Input::skip);
  opj_stream_set_seek_function(source.get(), Input::seek);

  opj_image_t* raw = nullptr;
  const bool read = opj_read_header(source.get(), codec.get(), &raw);
  const Image image(raw);
  if (!read || !opj_decode(codec.get(), source.get(), image.get()) || !opj_end_decompress(codec.get(), source.get()))
    complaint.raise(Code::corrupt, "the frame can't be decoded");
  if (image->numcomps != stored.samples) throw Error(Code::corrupt, "the frame has another number of components");
  for (uint32_t sample = 0; sample < image->numcomps; ++sample)
    write_component(image->comps[sample], sample, pixels, into);
  if (image->comps[0].sgnd == 0) extend_sign(into, pixels, image->comps[0].prec);
}

uint64_t Jpeg2000Decoder::working_memory(const PixelDescription& stored) const {
  // 32 bits for each sample, twice while tiles become an image, and what tiles cost.
  return 12 * stored.pixels() * stored.samples + (1 << 20);
}

bool Jpeg2000Decoder::begins(Bytes bytes) const {
  const auto starts_with = [&](std::initializer_list<unsigned> text) {
    return bytes.size() >= text.size() && std::equal(text.begin(), text.end(), bytes.begin(),
                                                     [](unsigned a, std::byte b) { return std::byte(a) == b; });
  };
  return starts_with({0xff, 0x4f, 0xff, 0x51}) || starts_with({0, 0, 0, 12, 'j', 'P', ' ', ' '});
}

PixelDescription reversibly_encoded(PixelDescription pixels, uint32_t most_bits) {
  check_cells(pixels);
  if (pixels.bits_stored > most_bits)
    throw Error(Code::unsupported, "pixels of " + std::to_string(pixels.bits_stored) +
                                       " bits can't be compressed in this transfer syntax: " +
                                       std::to_string(most_bits) + " are possible");
  if (pixels.samples == 3 && pixels.photometric_interpretation == "RGB") pixels.photometric_interpretation = "YBR_RCT";
  return pixels;
}

void check_values_only(Bytes frame, const PixelDescription& pixels) {
  if (!holds_values_only(frame, pixels))
    throw Error(Code::unsupported,
                "pixel cells hold something beside the stored bits, which JPEG 2000 has no place for");
}

uint32_t decomposition_levels(const PixelDescription& pixels) {
  constexpr uint32_t kSmall = 64;
  constexpr uint32_t kUsual = 5;
  const auto size = std::min(pixels.rows, pixels.columns);
  const auto smallest = [&](uint32_t levels) { return (size + (1u << levels) - 1) >> levels; };
  uint32_t levels = 0;
  while (size >> (levels + 1) != 0 && (levels < kUsual || smallest(levels) > kSmall)) ++levels;
  return levels;
}

PixelDescription Jpeg2000Encoder::encoded(PixelDescription pixels) const {
  return reversibly_encoded(std::move(pixels), kMostBits);
}

std::vector<std::byte> Jpeg2000Encoder::encode(Bytes frame, const PixelDescription& pixels) const {
  check_values_only(frame, pixels);
  std::vector<opj_image_cmptparm_t> components(pixels.samples);
  for (auto& component : components) {
    component = {};
    component.dx = component.dy = 1;
    component.w = pixels.columns;
    component.h = pixels.rows;
    component.prec = pixels.bits_stored;
    component.sgnd = pixels.is_signed ? 1 : 0;
  }
  const bool colour = encoded(pixels).photometric_interpretation == "YBR_RCT";
  const Image image(
      needed(opj_image_create(pixels.samples, components.data(), colour ? OPJ_CLRSPC_SRGB : OPJ_CLRSPC_UNSPECIFIED)));
  image->x1 = pixels.columns;
  image->y1 = pixels.rows;
  for (uint32_t sample = 0; sample < pixels.samples; ++sample)
    for (uint32_t row = 0; row < pixels.rows; ++row)
      read_row(frame, pixels, row, sample,
               std::span(image->comps[sample].data + std::size_t{row} * pixels.columns, pixels.columns));

  opj_cparameters_t parameters;
  opj_set_default_encoder_parameters(&parameters);
  parameters.tcp_numlayers = 1;
  parameters.tcp_rates[0] = 0;
  parameters.cp_disto_alloc = 1;
  parameters.irreversible = 0;
  parameters.numresolution = static_cast<int>(decomposition_levels(pixels)) + 1;
  parameters.tcp_mct = colour ? 1 : 0;
  const Codec codec(needed(opj_create_compress(OPJ_CODEC_J2K)));
  Complaint complaint;
  complaint.listen(codec.get());
  Output output;
  const Stream target(needed(opj_stream_create(65536, OPJ_FALSE)));
  opj_stream_set_user_data(target.get(), &output, nullptr);
  opj_stream_set_write_function(target.get(), Output::write);
  opj_stream_set_skip_function(target.get(), Output::skip);
  opj_stream_set_seek_function(target.get(), Output::seek);
  if (!opj_setup_encoder(codec.get(), &parameters, image.get()) ||
      !opj_start_compress(codec.get(), image.get(), target.get()) || !opj_encode(codec.get(), target.get()) ||
      !opj_end_compress(codec.get(), target.get()))
    complaint.raise(Code::unsupported, "the frame can't be compressed");
  return std::move(output.bytes);
}

uint64_t Jpeg2000Encoder::working_memory(const PixelDescription& pixels) const {
  return 16 * pixels.pixels() * pixels.samples + (1 << 20);
}

}  // namespace fermata::codecs
