#include <catch2/catch.hpp>
#include <random>

#include "bit_stream_header.hpp"
#include "data_set_outline.hpp"
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
using fermata::testing::kNoError;

namespace {

constexpr std::string_view kEncoders[] = {kJpegLosslessSv1, kJpegLsLossless, kJpeg2000Lossless, kHtj2kLossless,
                                          kRleLossless};

Code decode(std::string_view uid, std::span<const std::byte> stream, const PixelDescription& d) {
  const auto* decoder = frame_decoder(uid);
  return code_of([&] {
    Bytes out(static_cast<std::size_t>(decoder->decoded(d).frame_bytes()));
    decoder->decode(stream, d, out);
  });
}

Code first_frame(const SampleInstance& instance, uint64_t memory_size = 256 << 20) {
  Memory memory(memory_size);
  LosslessTranscoder transcoder(memory);
  return code_of([&] { transcoder.frames(instance.record(), instance.object())->frame(1, kExplicitLittleEndian); });
}

}  // namespace

TEST_CASE("damaged bit streams decode to something or are corrupt, in every transfer syntax") {
  for (const auto uid : kEncoders)
    for (const uint32_t samples : {1u, 3u}) {
      INFO(uid << ", " << samples);
      const auto d =
          Look{.rows = 40, .columns = 50, .samples = samples, .bits_allocated = 8, .bits_stored = 8}.description();
      const auto stream = frame_encoder(uid)->encode(sample_frame(d), d);
      std::mt19937 random(11);
      for (int i = 0; i < 400; ++i) {
        auto damaged = stream;
        if (i % 4 == 0) damaged.resize(random() % damaged.size());
        for (int n = i % 7; n > 0 && !damaged.empty(); --n)
          damaged[random() % (i % 3 == 0 ? std::min<std::size_t>(damaged.size(), 120) : damaged.size())] =
              static_cast<std::byte>(random());
        const auto code = decode(uid, damaged, d);
        REQUIRE((code == kNoError || code == Code::corrupt));
      }
    }
}

TEST_CASE("bit streams that are cut short are corrupt, not blurred") {
  for (const auto uid : kEncoders) {
    INFO(uid);
    const auto d = Look{}.description();
    const auto stream = frame_encoder(uid)->encode(sample_frame(d), d);
    for (const auto part : {0.0, 0.1, 0.5, 0.9}) {
      const auto length = static_cast<std::size_t>(static_cast<double>(stream.size()) * part);
      CHECK(decode(uid, std::span(stream).first(length), d) == Code::corrupt);
    }
  }
}

TEST_CASE("a bit stream of another image than the header describes is corrupt") {
  const auto d = Look{.rows = 64, .columns = 64}.description();
  for (const auto uid : kEncoders) {
    INFO(uid);
    const auto stream = frame_encoder(uid)->encode(sample_frame(d), d);
    CHECK(decode(uid, stream, d) == kNoError);
    CHECK(decode(uid, stream, Look{.rows = 65, .columns = 64}.description()) == Code::corrupt);
    CHECK(decode(uid, stream, Look{.rows = 64, .columns = 64, .samples = 3, .bits_stored = 16}.description()) ==
          Code::corrupt);
    if (uid != kJpegLosslessSv1 && uid != kJpegLsLossless)  // these know 16 bits only
      CHECK(decode(uid, stream, Look{.rows = 64, .columns = 64, .bits_allocated = 8, .bits_stored = 8}.description()) ==
            Code::corrupt);
    for (const auto other : kEncoders) {
      const auto of = [](std::string_view name) { return name == kHtj2kLossless ? kJpeg2000Lossless : name; };
      if (of(other) != of(uid)) CHECK(decode(other, stream, d) == Code::corrupt);
    }
  }
}

TEST_CASE("markers within the coded data of HTJ2K are corrupt: OpenJPEG would end the process") {
  const auto d = Look{}.description();
  const auto stream = frame_encoder(kHtj2kLossless)->encode(sample_frame(d), d);
  CHECK_NOTHROW(check_coded_data(stream));
  std::mt19937 random(4);
  int refused = 0;
  for (int i = 0; i < 300; ++i) {
    auto damaged = stream;
    const auto at = stream.size() / 2 + random() % (stream.size() / 2 - 8);
    damaged[at] = std::byte{0xff};
    damaged[at + 1] = std::byte{0x90};
    CHECK(decode(kHtj2k, damaged, d) == Code::corrupt);
    CHECK(decode(kJpeg2000, damaged, d) == Code::corrupt);
    refused += code_of([&] { check_coded_data(damaged); }) == Code::corrupt;
  }
  CHECK(refused == 300);
}

TEST_CASE("a JPEG bit stream with a marker that DCMTK never gets past is corrupt") {
  const auto d = Look{}.description();
  const Bytes endless{std::byte{0xff}, std::byte{0xd8}, std::byte{0xff}, std::byte{0x01},
                      std::byte{},     std::byte{},     std::byte{}};
  for (const auto uid : {kJpegBaseline, kJpegExtended, kJpegLosslessSv1, kJpegLsLossless})
    CHECK(decode(uid, endless, d) == Code::corrupt);
}

TEST_CASE("gigantic images with hardly any bytes are errors, and take no memory") {
  auto d =
      Look{.rows = 65535, .columns = 65535, .samples = 4, .bits_allocated = 64, .bits_stored = 64, .frames = 2147483647}
          .description();
  CHECK(first_frame(SampleInstance::native(d, Bytes(100))) == Code::corrupt);
  d = Look{.rows = 65535, .columns = 65535, .samples = 3, .bits_allocated = 16, .bits_stored = 16, .frames = 2147483647}
          .description();
  for (const auto uid : kEncoders) {
    INFO(uid);
    const auto instance =
        SampleInstance::encapsulated(d, Fragments().add(Bytes(100, std::byte{0xff})).end(), std::string(uid));
    const auto code = first_frame(instance);
    CHECK((code == Code::unsupported || code == Code::corrupt));
    // Whole objects as well.
    Memory memory(256 << 20);
    LosslessTranscoder transcoder(memory);
    dicom::DataSetWriter w;
    w.add_encoded(sample_header(d));
    auto object = w.take();
    const Bytes header{std::byte{0xe0}, std::byte{0x7f}, std::byte{0x10}, std::byte{0},
                       std::byte{'O'},  std::byte{'B'},  std::byte{0},    std::byte{0},
                       std::byte{0xff}, std::byte{0xff}, std::byte{0xff}, std::byte{0xff}};
    object.insert(object.end(), header.begin(), header.end());
    const auto value = Fragments().add(Bytes(100, std::byte{0xff})).end();
    object.insert(object.end(), value.begin(), value.end());
    for (const auto to : {kExplicitLittleEndian, kJpegLsLossless}) {
      if (uid == to) continue;
      const auto whole = code_of([&] {
        const auto result = transcoder.transcode(std::make_unique<BytesObject>(object), uid, to);
        Bytes piece(1 << 20);
        result->read_at(0, piece);
      });
      CHECK((whole == Code::unsupported || whole == Code::corrupt));
    }
  }
}

TEST_CASE("a codestream that claims a tile for every pixel is corrupt") {
  const auto d = Look{.rows = 2048, .columns = 2048}.description();
  auto stream = frame_encoder(kJpeg2000Lossless)->encode(sample_frame(d), d);
  for (const std::size_t at : {24u, 28u}) {  // XTsiz, YTsiz
    stream[at] = stream[at + 1] = stream[at + 2] = std::byte{0};
    stream[at + 3] = std::byte{8};
  }
  CHECK(decode(kJpeg2000Lossless, stream, d) == Code::corrupt);
}

TEST_CASE("an object with millions of empty fragments costs little and is an error") {
  const auto d = Look{.rows = 4, .columns = 4, .frames = 2}.description();
  Fragments fragments;
  for (int i = 0; i < 300000; ++i) fragments.add({});
  CHECK(first_frame(SampleInstance::encapsulated(d, fragments.end(), std::string(kJpegLsLossless))) == Code::corrupt);
}

TEST_CASE("data sets that are no data sets are corrupt, in whatever is made of them") {
  Memory memory(16 << 20);
  LosslessTranscoder transcoder(memory);
  const auto d = Look{.rows = 8, .columns = 8}.description();
  const auto object = sample_object(d, sample_frame(d));
  std::mt19937 random(9);
  for (int i = 0; i < 3000; ++i) {
    auto damaged = object;
    if (i % 3 == 0) damaged.resize(random() % damaged.size());
    for (int n = i % 5; n > 0 && !damaged.empty(); --n)
      damaged[random() % std::min<std::size_t>(damaged.size(), 260)] = static_cast<std::byte>(random());
    const auto code = code_of([&] {
      transcoder.transcode(std::make_unique<BytesObject>(damaged), kExplicitLittleEndian, kRleLossless)->length();
    });
    REQUIRE((code == kNoError || code == Code::corrupt || code == Code::invalid || code == Code::unsupported));
  }
  // A sequence in a sequence in a sequence ...
  Bytes nested;
  for (int i = 0; i < 100000; ++i)
    for (const auto byte : {0x40, 0x00, 0x75, 0x02, 'S' + 0, 'Q' + 0, 0,    0,    0xff, 0xff,
                            0xff, 0xff, 0xfe, 0xff, 0x00,    0xe0,    0xff, 0xff, 0xff, 0xff})
      nested.push_back(std::byte(byte));
  BytesObject deep(nested);
  CHECK(code_of([&] { outline(deep); }) == Code::corrupt);
}
