#include <catch2/catch.hpp>
#include <random>
#include <set>

#include "fermata/dicom/transfer_syntax.hpp"
#include "fermata/error.hpp"
#include "fermata/testing/threads_and_errors.hpp"
#include "frame_codecs.hpp"
#include "lossless_transcoder.hpp"
#include "tests/sample_image.hpp"

using namespace fermata;
using namespace fermata::codecs;
using namespace fermata::codecs::testing;
using namespace fermata::dicom::transfer_syntax;
using fermata::testing::code_of;

namespace {

constexpr std::string_view kEncoders[] = {kJpegLossless,      kJpegLosslessSv1, kJpegLsLossless,
                                          kJpeg2000Lossless,  kJpeg2000,        kHtj2kLossless,
                                          kHtj2kLosslessRpcl, kHtj2k,           kRleLossless};

Bytes there_and_back(std::string_view uid, const Bytes& frame, const PixelDescription& d) {
  const auto* encoder = frame_encoder(uid);
  const auto* decoder = frame_decoder(uid);
  REQUIRE(encoder != nullptr);
  REQUIRE(decoder != nullptr);
  const auto stored = encoder->encoded(d);
  const auto stream = encoder->encode(frame, d);
  CHECK(decoder->begins(std::span(stream).first(std::min<std::size_t>(16, stream.size()))));
  const auto decoded = decoder->decoded(stored);
  CHECK(decoded.photometric_interpretation == d.photometric_interpretation);
  Bytes out(static_cast<std::size_t>(decoded.frame_bytes()));
  decoder->decode(stream, stored, out);
  return out;
}

Bytes read_all(ObjectReader& object) {
  Bytes bytes(static_cast<std::size_t>(object.length()));
  REQUIRE(object.read_at(0, bytes) == bytes.size());
  return bytes;
}

Bytes transcoded(Transcoder& transcoder, const Bytes& object, std::string_view from, std::string_view to) {
  return read_all(*transcoder.transcode(std::make_unique<BytesObject>(object), from, to));
}

std::string text(const Bytes& object, dicom::Tag tag) { return std::string(dicom::DataSetView(object).text(tag)); }

}  // namespace

TEST_CASE("every encoder loses nothing, whatever the bits, the sign and the colours") {
  for (const auto uid : kEncoders)
    for (const bool is_signed : {false, true})
      for (const uint32_t samples : {1u, 3u})
        for (const auto& [allocated, stored] : {std::pair{8u, 8u}, {8u, 5u}, {16u, 9u}, {16u, 12u}, {16u, 16u}}) {
          INFO(uid << ", " << samples << " samples of " << stored << " in " << allocated
                   << " bits, signed: " << is_signed);
          const auto d =
              Look{.samples = samples, .bits_allocated = allocated, .bits_stored = stored, .is_signed = is_signed}
                  .description();
          const auto frame = sample_frame(d);
          CHECK(there_and_back(uid, frame, d) == frame);
        }
}

TEST_CASE("images of a single pixel, row or column are encoded like others") {
  for (const auto uid : kEncoders)
    for (const auto& [rows, columns] : {std::pair{1u, 1u}, {1u, 70u}, {70u, 1u}, {3u, 3u}, {2u, 300u}}) {
      INFO(uid << ", " << columns << " by " << rows);
      const auto d =
          Look{.rows = rows, .columns = columns, .samples = 3, .bits_allocated = 8, .bits_stored = 8}.description();
      const auto frame = sample_frame(d);
      CHECK(there_and_back(uid, frame, d) == frame);
    }
}

TEST_CASE("single bits have a place in JPEG 2000 and in HTJ2K only") {
  const auto d = Look{.bits_allocated = 1, .bits_stored = 1}.description();
  const auto frame = sample_frame(d);
  for (const auto uid : {kJpeg2000Lossless, kHtj2kLosslessRpcl}) CHECK(there_and_back(uid, frame, d) == frame);
  for (const auto uid : {kJpegLosslessSv1, kJpegLsLossless, kRleLossless})
    CHECK(code_of([&] { frame_encoder(uid)->encoded(d); }) == Code::unsupported);
}

TEST_CASE("32 bits are for RLE, 22 for JPEG 2000, 16 for the others; nothing beyond is tried") {
  const auto of = [](uint32_t stored) { return Look{.bits_allocated = 32, .bits_stored = stored}.description(); };
  const auto frame = sample_frame(of(32));
  CHECK(there_and_back(kRleLossless, frame, of(32)) == frame);
  for (const bool is_signed : {false, true}) {
    const auto d = Look{.samples = 3, .bits_allocated = 32, .bits_stored = 22, .is_signed = is_signed}.description();
    const auto wide = sample_frame(d);
    CHECK(there_and_back(kJpeg2000Lossless, wide, d) == wide);
  }
  for (const auto uid : {kJpegLosslessSv1, kJpegLsLossless, kJpeg2000Lossless, kHtj2kLossless})
    CHECK(code_of([&] { frame_encoder(uid)->encoded(of(32)); }) == Code::unsupported);
  CHECK(code_of([&] { frame_encoder(kHtj2kLossless)->encoded(of(17)); }) == Code::unsupported);
}

TEST_CASE("bits beside the stored ones are kept, or there is no such form") {
  const auto d = Look{}.description();
  auto frame = sample_frame(d);
  frame[1] |= std::byte{0x80};  // an overlay of old, above the 12 bits
  for (const auto uid : {kJpegLosslessSv1, kJpegLsLossless, kRleLossless})
    CHECK(there_and_back(uid, frame, d) == frame);
  for (const auto uid : {kJpeg2000Lossless, kHtj2kLossless})
    CHECK(code_of([&] { frame_encoder(uid)->encode(frame, d); }) == Code::unsupported);
}

TEST_CASE("what encodes HTJ2K writes what Lossless RPCL asks for: order, levels, tile-part lengths") {
  const auto d = Look{.rows = 3000, .columns = 2500}.description();
  const auto stream = frame_encoder(kHtj2kLosslessRpcl)->encode(sample_frame(d), d);
  std::size_t at = 2;
  std::set<unsigned> markers;
  unsigned levels = 0;
  unsigned order = 0;
  std::size_t tile_part = 0;
  const auto u8 = [&](std::size_t i) { return std::to_integer<unsigned>(stream.at(i)); };
  for (unsigned marker = 0; marker != 0xff90; at += 2 + (u8(at + 2) << 8 | u8(at + 3))) {
    marker = u8(at) << 8 | u8(at + 1);
    markers.insert(marker);
    if (marker == 0xff52) {
      order = u8(at + 5);
      levels = u8(at + 9);
    }
    if (marker == 0xff55) tile_part = u8(at + 6) << 24 | u8(at + 7) << 16 | u8(at + 8) << 8 | u8(at + 9);
    if (marker == 0xff90) CHECK(tile_part == stream.size() - at - 2);  // all but EOC
  }
  CHECK(markers.contains(0xff55));
  CHECK(order == 2);
  CHECK(2500 >> levels <= 64);
}

TEST_CASE("objects of many frames come back as they were, through every encoder and from one to another") {
  Memory memory(256 << 20);
  LosslessTranscoder transcoder(memory);
  for (const uint32_t samples : {1u, 3u}) {
    const auto d =
        Look{.rows = 31, .columns = 17, .samples = samples, .bits_allocated = 8, .bits_stored = 8, .frames = 5}
            .description();
    Bytes pixels;
    for (unsigned n = 1; n <= d.frames; ++n)
      for (const auto byte : sample_frame(d, n)) pixels.push_back(byte);
    const auto original = sample_object(d, pixels);
    for (const auto first : kEncoders) {
      const auto compressed = transcoded(transcoder, original, kExplicitLittleEndian, first);
      CHECK(compressed.size() % 2 == 0);
      const auto back = transcoded(transcoder, compressed, first, kExplicitLittleEndian);
      CHECK(back == original);
      for (const auto second : {kRleLossless, kJpegLsLossless, kHtj2kLossless}) {
        const auto again = transcoded(transcoder, compressed, first, second);
        CHECK(transcoded(transcoder, again, second, kExplicitLittleEndian) == original);
      }
    }
  }
}

TEST_CASE("frames of one row or one column come back as they were, through every encoder") {
  Memory memory(256 << 20);
  LosslessTranscoder transcoder(memory);
  for (const auto& look :
       {Look{.rows = 1, .columns = 300}, Look{.rows = 300, .columns = 1}, Look{.rows = 1, .columns = 1},
        Look{.rows = 2, .columns = 200}, Look{.rows = 3, .columns = 3}}) {
    const auto d = look.description();
    const auto original = sample_object(d, sample_frame(d));
    for (const auto encoder : kEncoders) {
      INFO(encoder << ", " << d.rows << " x " << d.columns);
      CHECK(transcoded(transcoder, transcoded(transcoder, original, kExplicitLittleEndian, encoder), encoder,
                       kExplicitLittleEndian) == original);
    }
  }
}

TEST_CASE("frames of single bits that don't end with a byte are packed one behind the other") {
  Memory memory(256 << 20);
  LosslessTranscoder transcoder(memory);
  const auto d = Look{.rows = 3, .columns = 7, .bits_allocated = 1, .bits_stored = 1, .frames = 11}.description();
  Bytes pixels((21 * 11 + 7) / 8);
  std::mt19937 random(5);
  for (auto& byte : pixels) byte = static_cast<std::byte>(random());
  pixels.back() &= std::byte{0x7f};  // 231 bits
  pixels.push_back(std::byte{0});
  const auto original = sample_object(d, pixels);
  for (const auto uid : {kJpeg2000Lossless, kHtj2kLossless}) {
    const auto compressed = transcoded(transcoder, original, kExplicitLittleEndian, uid);
    CHECK(transcoded(transcoder, compressed, uid, kExplicitLittleEndian) == original);
  }
}

TEST_CASE("only what describes the encoding changes in the header") {
  Memory memory(256 << 20);
  LosslessTranscoder transcoder(memory);
  const dicom::Tag photometric(0x0028, 0x0004);
  const dicom::Tag planar(0x0028, 0x0006);
  auto d = Look{.samples = 3, .bits_allocated = 8, .bits_stored = 8}.description();
  d.planar = true;
  const auto frame = sample_frame(d);
  auto object = sample_object(d, frame);
  auto compressed = transcoded(transcoder, object, kExplicitLittleEndian, kJpeg2000Lossless);
  CHECK(text(compressed, photometric) == "YBR_RCT");
  CHECK(text(compressed, dicom::kPatientName) == "Doe^Jane");
  CHECK(text(compressed, dicom::Tag(0xfffc, 0xfffc)) == "after");
  const auto back = transcoded(transcoder, compressed, kJpeg2000Lossless, kExplicitLittleEndian);
  CHECK(text(back, photometric) == "RGB");
  CHECK(dicom::DataSetView(back).find(planar)->number<uint16_t>() == 0);
  const auto pixels = dicom::DataSetView(back).find(dicom::kPixelData)->value;
  for (const std::size_t i : {0u, 1u, 5000u})
    for (std::size_t sample = 0; sample < 3; ++sample) CHECK(pixels[3 * i + sample] == frame[sample * d.pixels() + i]);

  // Shared chrominance is written for each pixel.
  auto shared =
      Look{.rows = 4, .columns = 6, .samples = 3, .bits_allocated = 8, .bits_stored = 8, .photometric = "YBR_FULL_422"}
          .description();
  Bytes values(48);
  for (std::size_t i = 0; i < values.size(); ++i) values[i] = std::byte(i);
  object = sample_object(shared, values);
  compressed = transcoded(transcoder, object, kExplicitLittleEndian, kJpegLsLossless);
  CHECK(text(compressed, photometric) == "YBR_FULL");
  const auto full = transcoded(transcoder, compressed, kJpegLsLossless, kExplicitLittleEndian);
  const auto out = dicom::DataSetView(full).find(dicom::kPixelData)->value;
  const Bytes expected{std::byte{0}, std::byte{2}, std::byte{3}, std::byte{1}, std::byte{2}, std::byte{3}};
  CHECK(std::ranges::equal(out.first(6), expected));
}

TEST_CASE("a compressed icon becomes native, one that is damaged is left out") {
  Memory memory(256 << 20);
  LosslessTranscoder transcoder(memory);
  const dicom::Tag icons(0x0088, 0x0200);
  const auto d = Look{.rows = 16, .columns = 16, .bits_allocated = 8, .bits_stored = 8}.description();
  const auto frame = sample_frame(d);
  const auto compressed = transcoded(transcoder, sample_object(d, frame), kExplicitLittleEndian, kRleLossless);
  const auto with_icon = [&](const Bytes& icon) {
    dicom::DataSetWriter w;
    bool added = false;
    for (auto it = dicom::DataSetView(compressed).begin(); it != std::default_sentinel; ++it) {
      if (!added && icons < it->tag) {
        w.begin_sequence(icons);
        w.begin_item();
        w.add_encoded(icon);
        w.end();
        w.end();
        added = true;
      }
      w.add_encoded(it.encoded());
    }
    return w.take();
  };
  for (const auto to : {kExplicitLittleEndian, kImplicitLittleEndian, kJpegLsLossless}) {
    INFO(to);
    auto out = transcoded(transcoder, with_icon(compressed), kRleLossless, to);
    if (to == kImplicitLittleEndian) out = transcoded(transcoder, out, to, kExplicitLittleEndian);
    const auto sequence = dicom::DataSetView(out).find(icons);
    REQUIRE(sequence);
    for (const auto item : sequence->items()) {
      CHECK(std::ranges::equal(item.find(dicom::kPixelData)->value, frame));
      CHECK(item.text(dicom::kPatientName) == "Doe^Jane");
    }
    auto damaged = compressed;
    const Bytes one_segment{std::byte{1}, {}, {}, {}, std::byte{64}};
    const auto header = std::search(damaged.begin(), damaged.end(), one_segment.begin(), one_segment.end());
    REQUIRE(header != damaged.end());
    *header = std::byte{9};
    out = transcoded(transcoder, with_icon(damaged), kRleLossless, to);
    if (to == kImplicitLittleEndian) out = transcoded(transcoder, out, to, kExplicitLittleEndian);
    CHECK_FALSE(dicom::DataSetView(out).find(icons));
  }
}

TEST_CASE("what is one transfer syntax already passes into a wider one as it is") {
  Memory memory(256 << 20);
  LosslessTranscoder transcoder(memory);
  const auto d = Look{}.description();
  const auto object = sample_object(d, sample_frame(d));
  for (const auto& [kind, of] : {std::pair{kJpegLosslessSv1, kJpegLossless},
                                 {kJpeg2000Lossless, kJpeg2000},
                                 {kHtj2kLosslessRpcl, kHtj2kLossless},
                                 {kHtj2kLossless, kHtj2k}}) {
    const auto compressed = transcoded(transcoder, object, kExplicitLittleEndian, kind);
    CHECK(transcoded(transcoder, compressed, kind, of) == compressed);
  }
}

TEST_CASE("an object without pixel data has the same bytes in every transfer syntax of compressed pixels") {
  Memory memory(1 << 20);
  LosslessTranscoder transcoder(memory);
  dicom::DataSetWriter w;
  w.add(dicom::kSopClassUid, "UI", "1.2.840.10008.5.1.4.1.1.88.11");
  w.add(dicom::kPatientName, "PN", "Doe^Jane");
  const auto report = w.take();
  for (const auto uid : kEncoders) CHECK(transcoded(transcoder, report, kExplicitLittleEndian, uid) == report);
  CHECK(transcoded(transcoder, report, kJpegBaseline, kExplicitLittleEndian) == report);
}

TEST_CASE("floating point pixels go out uncompressed only") {
  Memory memory(1 << 20);
  LosslessTranscoder transcoder(memory);
  auto d = Look{.rows = 2, .columns = 2}.description();
  dicom::DataSetWriter w;
  w.add_encoded(sample_header(d));
  w.add(kFloatPixelData, "OF", Bytes(16, std::byte{1}));
  const auto object = w.take();
  const auto big = transcoded(transcoder, object, kExplicitLittleEndian, kExplicitBigEndian);
  CHECK(transcoded(transcoder, big, kExplicitBigEndian, kExplicitLittleEndian) == object);
  CHECK(code_of([&] { transcoded(transcoder, object, kExplicitLittleEndian, kRleLossless); }) == Code::unsupported);
}
