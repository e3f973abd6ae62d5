#include <catch2/catch.hpp>
#include <chrono>
#include <numeric>

#include "decoded_frames.hpp"
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

/// Counts what is read of an object.
class WatchedObject final : public ObjectReader {
 public:
  struct Tally {
    uint64_t calls = 0;
    uint64_t bytes = 0;
  };
  WatchedObject(Bytes bytes, Tally& tally) : object_(std::move(bytes)), tally_(tally) {}
  uint64_t length() override { return object_.length(); }
  uint64_t read_at(uint64_t offset, std::span<std::byte> into) override {
    ++tally_.calls;
    const auto count = object_.read_at(offset, into);
    tally_.bytes += count;
    return count;
  }

 private:
  BytesObject object_;
  Tally& tally_;
};

struct Frames {
  explicit Frames(const SampleInstance& instance) : reader(transcoder.frames(instance.record(), instance.object())) {}
  Bytes frame(uint64_t number, std::string_view uid) {
    const auto bytes = reader->frame(number, uid);
    return {bytes.begin(), bytes.end()};
  }
  Memory memory{64 << 20};
  LosslessTranscoder transcoder{memory};
  std::unique_ptr<FrameReader> reader;
};

Bytes joined(const std::vector<Bytes>& pieces) {
  Bytes all;
  for (const auto& piece : pieces) all.insert(all.end(), piece.begin(), piece.end());
  return all;
}

/// JPEG-LS bit streams, of even length, and the frames they are of.
struct Compressed {
  explicit Compressed(PixelDescription described) : d(std::move(described)) {
    for (unsigned n = 1; n <= d.frames; ++n) {
      frames.push_back(sample_frame(d, n));
      streams.push_back(frame_encoder(kJpegLsLossless)->encode(frames.back(), d));
      if (streams.back().size() % 2 != 0) streams.back().push_back(std::byte{0});
    }
  }
  SampleInstance instance(const Bytes& value) const {
    return SampleInstance::encapsulated(d, value, std::string(kJpegLsLossless));
  }
  /// One fragment a frame.
  Bytes value(const std::vector<uint32_t>& table = {}) const {
    Fragments fragments(table);
    for (const auto& stream : streams) fragments.add(stream);
    return fragments.end();
  }
  /// Each frame in fragments of 100 bytes; `starts` become their offsets.
  Bytes pieces(std::vector<uint32_t> table, std::vector<uint32_t>* starts = nullptr) const {
    Fragments fragments(table);
    uint32_t at = 0;
    for (const auto& stream : streams) {
      if (starts != nullptr) starts->push_back(at);
      for (std::size_t i = 0; i < stream.size(); i += 100) {
        const auto end = std::min(stream.size(), i + 100);
        fragments.add(
            {stream.begin() + static_cast<std::ptrdiff_t>(i), stream.begin() + static_cast<std::ptrdiff_t>(end)});
        at += static_cast<uint32_t>(end - i) + 8;
      }
    }
    return fragments.end();
  }
  std::vector<uint32_t> offsets() const {
    std::vector<uint32_t> table;
    uint32_t at = 0;
    for (const auto& stream : streams) {
      table.push_back(at);
      at += static_cast<uint32_t>(stream.size()) + 8;
    }
    return table;
  }
  bool all_right(const SampleInstance& instance) const {
    Frames found(instance);
    for (const uint64_t n : {3, 1, 5, 2, 4, 4})
      if (found.frame(n, kExplicitLittleEndian) != frames[n - 1] || found.frame(n, kJpegLsLossless) != streams[n - 1])
        return false;
    return found.reader->count() == 5;
  }

  PixelDescription d;
  std::vector<Bytes> frames;
  std::vector<Bytes> streams;
};

const Compressed& five() {
  static const Compressed five(Look{.rows = 20, .columns = 30, .frames = 5}.description());
  return five;
}

}  // namespace

TEST_CASE("frames of native pixel data are found by arithmetic") {
  const auto d = Look{.rows = 5, .columns = 7, .frames = 3}.description();
  const std::vector<Bytes> frames{sample_frame(d, 1), sample_frame(d, 2), sample_frame(d, 3)};
  Frames found(SampleInstance::native(d, joined(frames)));
  for (const uint64_t n : {3, 1, 2}) {
    CHECK(found.frame(n, kExplicitLittleEndian) == frames[n - 1]);
    CHECK(found.frame(n, kImplicitLittleEndian) == frames[n - 1]);
    const auto stream = found.frame(n, kRleLossless);
    Bytes out(frames[0].size());
    frame_decoder(kRleLossless)->decode(stream, d, out);
    CHECK(out == frames[n - 1]);
  }
  CHECK(code_of([&] { found.frame(0, kExplicitLittleEndian); }) == Code::not_found);
  CHECK(code_of([&] { found.frame(4, kExplicitLittleEndian); }) == Code::not_found);
  CHECK(code_of([&] { found.frame(1, kJpegBaseline); }) == Code::unsupported);
}

TEST_CASE("a frame of single bits that begins within a byte comes out beginning with one") {
  const auto d = Look{.rows = 3, .columns = 7, .bits_allocated = 1, .bits_stored = 1, .frames = 5}.description();
  Bytes pixels(14);
  std::mt19937 random(3);
  for (auto& byte : pixels) byte = static_cast<std::byte>(random());
  Frames found(SampleInstance::native(d, pixels));
  const auto bit = [](const Bytes& bytes, uint64_t at) {
    return (bytes[at / 8] >> at % 8 & std::byte{1}) != std::byte{};
  };
  for (uint64_t n = 1; n <= 5; ++n) {
    const auto frame = found.frame(n, kExplicitLittleEndian);
    REQUIRE(frame.size() == 3);
    for (uint64_t i = 0; i < 21; ++i) REQUIRE(bit(frame, i) == bit(pixels, (n - 1) * 21 + i));
    CHECK((frame[2] & std::byte{0xe0}) == std::byte{0});
  }
}

TEST_CASE("big endian pixels come out little endian, also where a frame ends within a word") {
  const auto d = Look{.rows = 3, .columns = 3, .bits_allocated = 8, .bits_stored = 8, .frames = 3}.description();
  Bytes pixels(28);
  for (std::size_t i = 0; i < 27; ++i) pixels[i ^ 1] = std::byte(i);  // as OW: each two bytes exchanged
  auto instance = SampleInstance::native(d, pixels);
  instance.transfer_syntax = kExplicitBigEndian;
  Frames found(instance);
  for (uint64_t n = 1; n <= 3; ++n) {
    const auto frame = found.frame(n, kExplicitLittleEndian);
    for (std::size_t i = 0; i < 9; ++i) CHECK(frame[i] == std::byte((n - 1) * 9 + i));
  }
}

TEST_CASE("floating point pixels are frames as well") {
  auto d = Look{.rows = 2, .columns = 2, .frames = 2}.description();
  Bytes pixels(2 * 4 * 8);
  for (std::size_t i = 0; i < pixels.size(); ++i) pixels[i] = std::byte(i);
  const auto instance = SampleInstance::native(d, pixels, kDoubleFloatPixelData);
  Frames found(instance);
  CHECK(found.frame(2, kExplicitLittleEndian) == Bytes(pixels.begin() + 32, pixels.end()));
  CHECK(code_of([&] { found.frame(2, kRleLossless); }) == Code::unsupported);
  Memory memory(1 << 20);
  const DecodedFrames decoded(instance.record(), instance.object(), memory);
  CHECK(decoded.description().values == PixelDescription::Values::float64);
}

TEST_CASE("native pixel data that ends too early has the frames that are whole") {
  const auto d = Look{.rows = 5, .columns = 7, .frames = 3}.description();
  auto pixels = joined({sample_frame(d, 1), sample_frame(d, 2)});
  pixels.resize(pixels.size() + 20);
  Frames found(SampleInstance::native(d, pixels));
  CHECK(found.frame(2, kExplicitLittleEndian) == sample_frame(d, 2));
  CHECK(code_of([&] { found.frame(3, kExplicitLittleEndian); }) == Code::corrupt);
}

TEST_CASE("frames are found with and without a Basic Offset Table, in one fragment each or in several") {
  CHECK(five().all_right(five().instance(five().value())));
  CHECK(five().all_right(five().instance(five().value(five().offsets()))));
  CHECK(five().all_right(five().instance(five().pieces({}))));
  std::vector<uint32_t> starts;
  five().pieces({0, 0, 0, 0, 0}, &starts);
  CHECK(five().all_right(five().instance(five().pieces(starts))));
}

TEST_CASE("a Basic Offset Table that lies is not believed") {
  const auto right = five().offsets();
  std::vector<std::vector<uint32_t>> tables{{0, 0, 0, 0, 0},
                                            {8, 0, 0, 0, 0},
                                            {0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff},
                                            {right[0], right[2], right[1], right[3], right[4]},
                                            {right[0], right[2], right[3], right[4], right[4] + 8},
                                            {right[0] + 2, right[1] + 2, right[2] + 2, right[3] + 2, right[4] + 2},
                                            {right[0], right[1], right[2], right[3]},
                                            {right[0], right[1], right[2], right[3], right[4], right[4] + 100}};
  for (const auto& table : tables) {
    CHECK(five().all_right(five().instance(five().value(table))));
    CHECK(five().all_right(five().instance(five().pieces(table))));
  }
  // The fragments in the middle of a frame are no frame either.
  std::vector<uint32_t> starts;
  five().pieces({0, 0, 0, 0, 0}, &starts);
  for (auto& start : starts) start += start == 0 ? 0 : 108;
  CHECK(five().all_right(five().instance(five().pieces(starts))));
}

TEST_CASE("frames are found by the Extended Offset Table, in the header or beside it, as long as it is right") {
  const auto value = five().value();
  const auto numbers = [](const std::vector<uint64_t>& n) {
    Bytes bytes(8 * n.size());
    std::memcpy(bytes.data(), n.data(), bytes.size());
    return bytes;
  };
  std::vector<uint64_t> offsets;
  std::vector<uint64_t> lengths;
  for (const auto offset : five().offsets()) offsets.push_back(offset);
  for (const auto& stream : five().streams) lengths.push_back(stream.size());
  for (const auto& [o, l] : {std::pair{offsets, lengths}, {lengths, offsets}, {offsets, offsets}}) {
    auto inside = five().instance(value);
    dicom::DataSetWriter w;
    w.add_encoded(inside.header);
    w.add(dicom::Tag(0x7fe0, 0x0001), "OV", numbers(o));
    w.add(dicom::Tag(0x7fe0, 0x0002), "OV", numbers(l));
    inside.header = w.take();
    CHECK(five().all_right(inside));
    auto beside = five().instance(value);
    for (const auto& [element, bytes] : {std::pair{0x7fe00001u, numbers(o)}, {0x7fe00002u, numbers(l)}}) {
      beside.bulk.push_back({element, {'O', 'V'}, {}, beside.bytes.size(), bytes.size()});
      beside.bytes.insert(beside.bytes.end(), bytes.begin(), bytes.end());
    }
    CHECK(five().all_right(beside));
  }
}

TEST_CASE("offsets beyond all measure are not followed") {
  for (const uint64_t offset : {UINT64_MAX, UINT64_MAX - 5, UINT64_MAX - 600, uint64_t{1} << 63, uint64_t{1} << 32}) {
    auto instance = five().instance(five().value());
    Bytes offsets(40);
    Bytes lengths(40);
    const auto streams = five().offsets();
    for (std::size_t i = 0; i < 5; ++i) {
      const uint64_t right = streams[i];
      const uint64_t length = five().streams[i].size();
      std::memcpy(offsets.data() + 8 * i, i == 2 ? &offset : &right, 8);
      std::memcpy(lengths.data() + 8 * i, i == 2 ? &offset : &length, 8);
    }
    dicom::DataSetWriter w;
    w.add_encoded(instance.header);
    w.add(dicom::Tag(0x7fe0, 0x0001), "OV", offsets);
    w.add(dicom::Tag(0x7fe0, 0x0002), "OV", lengths);
    instance.header = w.take();
    CHECK(five().all_right(instance));
  }
}

TEST_CASE("what the Extended Offset Table says of a padded frame's length counts") {
  auto d = Look{.rows = 20, .columns = 30}.description();
  const auto stream = Bytes{std::byte{0xff}, std::byte{0xd8}, std::byte{0xff}};
  auto instance = SampleInstance::encapsulated(
      d, Fragments().add({stream[0], stream[1], stream[2], std::byte{0}}).end(), std::string(kJpegLsLossless));
  dicom::DataSetWriter w;
  w.add_encoded(instance.header);
  w.add(dicom::Tag(0x7fe0, 0x0001), "OV", Bytes(8));
  w.add(dicom::Tag(0x7fe0, 0x0002), "OV", Bytes{std::byte{3}, {}, {}, {}, {}, {}, {}, {}});
  instance.header = w.take();
  CHECK(Frames(instance).frame(1, kJpegLsLossless) == stream);
}

TEST_CASE("a damaged frame is an error of that frame alone") {
  auto streams = five().streams;
  Fragments fragments;
  for (std::size_t i = 0; i < 5; ++i) {
    if (i == 2) streams[i].resize(40);
    fragments.add(streams[i]);
  }
  Frames found(five().instance(fragments.end()));
  CHECK(code_of([&] { found.frame(3, kExplicitLittleEndian); }) == Code::corrupt);
  CHECK(code_of([&] { found.frame(3, kRleLossless); }) == Code::corrupt);
  CHECK(found.frame(3, kJpegLsLossless) == streams[2]);
  for (const uint64_t n : {1, 2, 4, 5}) CHECK(found.frame(n, kExplicitLittleEndian) == five().frames[n - 1]);
}

TEST_CASE("pixel data that is cut short has the frames before the cut") {
  auto value = five().value();
  value.resize(value.size() - 8 - five().streams[4].size() / 2);
  Frames cut(five().instance(value));
  CHECK(cut.frame(4, kExplicitLittleEndian) == five().frames[3]);
  CHECK(code_of([&] { cut.frame(5, kExplicitLittleEndian); }) == Code::corrupt);
  Fragments three;
  for (std::size_t i = 0; i < 3; ++i) three.add(five().streams[i]);
  for (const auto& bytes : {three.cut(), three.end()}) {
    Frames few(five().instance(bytes));
    CHECK(few.frame(3, kExplicitLittleEndian) == five().frames[2]);
    CHECK(code_of([&] { few.frame(4, kExplicitLittleEndian); }) == Code::corrupt);
  }
  for (const auto& nothing : {Bytes{}, Bytes(7), Bytes(100), Bytes(100, std::byte{0xff}), Fragments().end()})
    CHECK(code_of([&] { Frames(five().instance(nothing)).frame(1, kExplicitLittleEndian); }) == Code::corrupt);
}

TEST_CASE("fragments that nobody can tell apart are no frames, one for each frame are, whatever the transfer syntax") {
  const auto d = Look{.rows = 4, .columns = 4, .frames = 2}.description();
  const Bytes a(10, std::byte{1});
  const Bytes b(12, std::byte{2});
  const std::string unknown = "1.2.3.4";
  Frames two(SampleInstance::encapsulated(d, Fragments().add(a).add(b).end(), unknown));
  CHECK(two.frame(2, unknown) == b);
  CHECK(code_of([&] { two.frame(2, kExplicitLittleEndian); }) == Code::unsupported);
  Frames three(SampleInstance::encapsulated(d, Fragments().add(a).add(b).add(b).end(), unknown));
  CHECK(code_of([&] { three.frame(1, unknown); }) == Code::corrupt);
  Frames told(SampleInstance::encapsulated(d, Fragments({0, 18}).add(a).add(b).add(b).end(), unknown));
  CHECK(told.frame(2, unknown) == joined({b, b}));
}

TEST_CASE("a video is not taken apart, and what is no image has no frames") {
  const auto d = Look{.rows = 4, .columns = 4, .frames = 2}.description();
  const auto video = SampleInstance::encapsulated(d, Fragments().add(Bytes(10)).end(), "1.2.840.10008.1.2.4.102");
  CHECK(code_of([&] { Frames{video}; }) == Code::unsupported);
  auto report = SampleInstance::native(d, Bytes(64));
  report.bulk.clear();
  CHECK(code_of([&] { Frames{report}; }) == Code::invalid);
}

TEST_CASE("compressed pixel data with a length of its own is refused, and the reason names it") {
  auto object = SampleInstance::native(Look{.rows = 4, .columns = 4}.description(), Bytes(64));
  object.transfer_syntax = kJpegBaseline;
  CHECK(code_of([&] { Frames{object}; }) == Code::unsupported);
  CHECK_THROWS_WITH(Frames{object},
                    Catch::Contains("demands fragments") && Catch::Contains(std::string(kJpegBaseline)));
}

TEST_CASE("frames of a deflated object are found in what it inflates to") {
  const auto d = Look{.rows = 200, .columns = 300, .frames = 20}.description();
  Bytes pixels;
  for (unsigned n = 1; n <= d.frames; ++n)
    for (const auto byte : sample_frame(d, n)) pixels.push_back(byte);
  Memory memory(64 << 20);
  LosslessTranscoder transcoder(memory);
  const auto object = transcoder.transcode(std::make_unique<BytesObject>(sample_object(d, pixels)),
                                           kExplicitLittleEndian, kDeflatedExplicitLittleEndian);
  SampleInstance instance{sample_header(d), Bytes(object->length()), std::string(kDeflatedExplicitLittleEndian), {}};
  object->read_at(0, instance.bytes);
  instance.bulk.push_back({dicom::kPixelData.value, {'O', 'W'}, {}, UINT64_MAX, pixels.size()});
  Frames found(instance);
  for (const uint64_t n : {20, 1, 11})
    CHECK(found.frame(n, kExplicitLittleEndian) == sample_frame(d, static_cast<unsigned>(n)));
}

TEST_CASE("one frame of a thousand is found without reading the others, with a table and without") {
  const Compressed thousand(Look{.rows = 64, .columns = 64, .frames = 1000}.description());
  for (const bool table : {true, false}) {
    auto instance = thousand.instance(thousand.value(table ? thousand.offsets() : std::vector<uint32_t>{}));
    for (const uint64_t n : {1, 500, 1000}) {
      WatchedObject::Tally tally;
      Memory memory(64 << 20);
      LosslessTranscoder transcoder(memory);
      const auto frames = transcoder.frames(instance.record(), std::make_unique<WatchedObject>(instance.bytes, tally));
      const auto found = frames->frame(n, kJpegLsLossless);
      CHECK(std::ranges::equal(found, thousand.streams[n - 1]));
      CHECK(tally.calls < (table ? 16 : 1010));
      CHECK(tally.bytes < (table ? 40000 : 100000));
    }
  }
}

TEST_CASE("decoded frames have their samples side by side, whatever the object's planes and chrominance") {
  Memory memory(64 << 20);
  auto d =
      Look{.rows = 4, .columns = 6, .samples = 3, .bits_allocated = 8, .bits_stored = 8, .frames = 2}.description();
  d.planar = true;
  Bytes planes(2 * 72);
  for (std::size_t i = 0; i < planes.size(); ++i) planes[i] = std::byte(i);
  const auto instance = SampleInstance::native(d, planes);
  DecodedFrames decoded(instance.record(), instance.object(), memory);
  CHECK_FALSE(decoded.description().planar);
  const auto frame = decoded.frame(2);
  CHECK((frame[0] == std::byte{72} && frame[1] == std::byte{72 + 24} && frame[2] == std::byte{72 + 48}));

  auto shared = d;
  shared.planar = false;
  shared.photometric_interpretation = "YBR_FULL_422";
  const auto half = SampleInstance::native(shared, Bytes(96));
  DecodedFrames expanded(half.record(), half.object(), memory);
  CHECK(expanded.description().photometric_interpretation == "YBR_FULL");
  CHECK(expanded.frame(2).size() == 72);
  const auto mislabelled = SampleInstance::native(shared, planes);
  DecodedFrames whole(mislabelled.record(), mislabelled.object(), memory);
  CHECK(whole.description().photometric_interpretation == "YBR_FULL");
  CHECK(whole.frame(2)[0] == std::byte{72});
}
