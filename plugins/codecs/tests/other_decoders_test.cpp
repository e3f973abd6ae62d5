#include <unistd.h>

#include <catch2/catch.hpp>
#include <cmath>
#include <cstdlib>
#include <fstream>
#include <iterator>

#include "bit_stream_header.hpp"
#include "fermata/dicom/transfer_syntax.hpp"
#include "fermata/error.hpp"
#include "frame_codecs.hpp"
#include "lossless_transcoder.hpp"
#include "tests/sample_files.hpp"
#include "tests/sample_image.hpp"

using namespace fermata;
using namespace fermata::codecs;
using namespace fermata::codecs::testing;
using namespace fermata::dicom::transfer_syntax;

namespace {

/// A folder for the tools of others.
class Bench {
 public:
  Bench() : folder_(std::filesystem::temp_directory_path() / ("fermata-codecs-" + std::to_string(::getpid()))) {
    std::filesystem::create_directory(folder_);
  }
  ~Bench() { std::filesystem::remove_all(folder_); }
  std::string path(const std::string& name) const { return (folder_ / name).string(); }
  static bool has(const std::string& tool) { return std::system(("command -v " + tool + " > /dev/null").c_str()) == 0; }
  static bool run(const std::string& command) { return std::system((command + " > /dev/null 2>&1").c_str()) == 0; }
  void write(const std::string& name, std::span<const std::byte> bytes, const std::string& head = {}) const {
    std::ofstream out(path(name), std::ios::binary);
    out << head;
    out.write(reinterpret_cast<const char*>(bytes.data()), static_cast<std::streamsize>(bytes.size()));
  }
  Bytes read(const std::string& name) const {
    std::ifstream in(path(name), std::ios::binary);
    const std::string all{std::istreambuf_iterator<char>(in), {}};
    const auto bytes = std::as_bytes(std::span(all));
    return {bytes.begin(), bytes.end()};
  }

 private:
  std::filesystem::path folder_;
};

struct Decoded {
  std::string photometric_interpretation;
  Bytes pixels;
};

Decoded of(const Bytes& object) {
  const dicom::DataSetView view(object);
  const auto pixels = view.find(dicom::kPixelData);
  REQUIRE(pixels);
  return {std::string(view.text(dicom::Tag(0x0028, 0x0004))), {pixels->value.begin(), pixels->value.end()}};
}

Bytes uncompressed(const Bytes& object, std::string_view from) {
  Memory memory(256 << 20);
  LosslessTranscoder transcoder(memory);
  const auto result = transcoder.transcode(std::make_unique<BytesObject>(object), from, kExplicitLittleEndian);
  Bytes bytes(static_cast<std::size_t>(result->length()));
  REQUIRE(result->read_at(0, bytes) == bytes.size());
  return bytes;
}

/// PS3.3 C.7.6.3.1.2.
void to_rgb(Bytes& pixels) {
  for (std::size_t i = 0; i + 2 < pixels.size(); i += 3) {
    const auto y = 1.0 * std::to_integer<int>(pixels[i]);
    const auto cb = 1.0 * std::to_integer<int>(pixels[i + 1]) - 128;
    const auto cr = 1.0 * std::to_integer<int>(pixels[i + 2]) - 128;
    const auto sample = [](double v) { return std::byte(static_cast<unsigned>(std::clamp(std::lround(v), 0l, 255l))); };
    pixels[i] = sample(y + 1.402 * cr);
    pixels[i + 1] = sample(y - 0.344136 * cb - 0.714136 * cr);
    pixels[i + 2] = sample(y + 1.772 * cb);
  }
}

int largest_difference(const Bytes& a, const Bytes& b) {
  if (a.size() != b.size()) return 256;
  int largest = 0;
  for (std::size_t i = 0; i < a.size(); ++i)
    largest = std::max(largest, std::abs(std::to_integer<int>(a[i]) - std::to_integer<int>(b[i])));
  return largest;
}

}  // namespace

TEST_CASE("sample files have the pixels that GDCM decodes") {
  if (pydicom_data().empty() || !Bench::has("gdcmconv")) return;
  const Bench bench;
  for (const char* name : {"693_J2KI.dcm",
                           "GDCMJ2K_TextGBR.dcm",
                           "JPEG-lossy.dcm",
                           "JPEG2000.dcm",
                           "JPGExtended.dcm",
                           "MR_small_RLE.dcm",
                           "MR_small_jp2klossless.dcm",
                           "MR_small_jpeg_ls_lossless.dcm",
                           "SC_jpeg_no_color_transform.dcm",
                           "SC_jpeg_no_color_transform_2.dcm",
                           "SC_rgb_dcmtk_+eb+cr.dcm",
                           "SC_rgb_gdcm_KY.dcm",
                           "SC_rgb_jpeg_app14_dcmd.dcm",
                           "SC_rgb_jpeg_gdcm.dcm",
                           "SC_rgb_jpeg_lossy_gdcm.dcm",
                           "SC_rgb_rle.dcm",
                           "SC_rgb_rle_2frame.dcm",
                           "rtdose_rle.dcm",
                           "rtdose_rle_1frame.dcm",
                           "SC_rgb_dcmtk_+eb+cy+n1.dcm",
                           "SC_rgb_dcmtk_+eb+cy+n2.dcm",
                           "SC_rgb_dcmtk_+eb+cy+np.dcm",
                           "SC_rgb_dcmtk_+eb+cy+s2.dcm",
                           "SC_rgb_dcmtk_+eb+cy+s4.dcm",
                           "SC_rgb_jpeg_dcmtk.dcm",
                           "SC_rgb_small_odd_jpeg.dcm",
                           "image_dfl.dcm",
                           "ExplVR_BigEnd.dcm",
                           "rtdose_expb.dcm",
                           "liver_1frame.dcm",
                           "liver_expb_1frame.dcm"}) {
    INFO(name);
    const auto path = pydicom_data() / "test_files" / name;
    if (!std::filesystem::exists(path)) {
      WARN("missing: " << name);
      continue;
    }
    REQUIRE(Bench::run("gdcmconv --raw '" + path.string() + "' '" + bench.path("gdcm.dcm") + "'"));
    const auto file = Part10File::read(path);
    const auto theirs_file = Part10File::read(bench.path("gdcm.dcm"));
    const auto ours = of(uncompressed(file.data_set, file.transfer_syntax));
    auto theirs = of(uncompressed(theirs_file.data_set, theirs_file.transfer_syntax));
    if (theirs.photometric_interpretation == "YBR_FULL" && ours.photometric_interpretation == "RGB") {
      // GDCM leaves lossy JPEG in YCbCr; its upsampling and its IDCT are the same library's as DCMTK's, its rounding is
      // not.
      to_rgb(theirs.pixels);
      CHECK(largest_difference(ours.pixels, theirs.pixels) <= 2);
    } else {
      CHECK(ours.photometric_interpretation == theirs.photometric_interpretation);
      CHECK(ours.pixels == theirs.pixels);
    }
  }
}

TEST_CASE("signed pixels in an unsigned codestream get their sign") {
  if (pydicom_data().empty() || !Bench::has("gdcmconv")) return;
  const Bench bench;
  const auto path = pydicom_data() / "test_files/J2K_pixelrep_mismatch.dcm";
  if (!std::filesystem::exists(path)) return;
  REQUIRE(Bench::run("gdcmconv --raw '" + path.string() + "' '" + bench.path("gdcm.dcm") + "'"));
  const auto file = Part10File::read(path);
  const auto theirs_file = Part10File::read(bench.path("gdcm.dcm"));
  const auto ours = of(uncompressed(file.data_set, file.transfer_syntax)).pixels;
  const auto theirs = of(uncompressed(theirs_file.data_set, theirs_file.transfer_syntax)).pixels;
  REQUIRE(ours.size() == theirs.size());
  int negative = 0;
  for (std::size_t i = 0; i < ours.size(); i += 2) {
    int16_t value = 0;
    uint16_t bits = 0;
    std::memcpy(&value, ours.data() + i, 2);
    std::memcpy(&bits, theirs.data() + i, 2);
    const int expected = (bits & 0x1fff) >= 0x1000 ? (bits & 0x1fff) - 0x2000 : bits & 0x1fff;
    REQUIRE(value == expected);
    negative += value < 0;
  }
  CHECK(negative > 0);
}

TEST_CASE("what is encoded here is what GDCM decodes") {
  if (!Bench::has("gdcmconv")) return;
  const Bench bench;
  Memory memory(256 << 20);
  LosslessTranscoder transcoder(memory);
  for (const auto& look : {Look{}, Look{.is_signed = true}, Look{.bits_stored = 16},
                           Look{.samples = 3, .bits_allocated = 8, .bits_stored = 8},
                           Look{.bits_allocated = 8, .bits_stored = 8, .frames = 3}}) {
    const auto d = look.description();
    Bytes pixels;
    for (unsigned n = 1; n <= d.frames; ++n)
      for (const auto byte : sample_frame(d, n)) pixels.push_back(byte);
    const auto object = sample_object(d, pixels);
    for (const auto uid : {kJpegLosslessSv1, kJpegLsLossless, kJpeg2000Lossless, kRleLossless}) {
      INFO(uid << ", " << d.samples << " samples of " << d.bits_stored << " bits, " << d.frames << " frames");
      const auto result = transcoder.transcode(std::make_unique<BytesObject>(object), kExplicitLittleEndian, uid);
      Bytes compressed(static_cast<std::size_t>(result->length()));
      result->read_at(0, compressed);
      std::string meta(128, '\0');
      meta += "DICM";
      dicom::DataSetWriter w;
      w.add(dicom::Tag(0x0002, 0x0010), "UI", uid);
      meta.append(reinterpret_cast<const char*>(w.bytes().data()), w.bytes().size());
      bench.write("ours.dcm", compressed, meta);
      REQUIRE(Bench::run("gdcmconv --raw '" + bench.path("ours.dcm") + "' '" + bench.path("gdcm.dcm") + "'"));
      const auto file = Part10File::read(bench.path("gdcm.dcm"));
      const auto theirs = of(uncompressed(file.data_set, file.transfer_syntax));
      CHECK(theirs.photometric_interpretation == d.photometric_interpretation);
      CHECK(theirs.pixels == of(object).pixels);
    }
  }
}

TEST_CASE("HTJ2K is what OpenJPH's tools make and read, reversible and not") {
  if (!Bench::has("ojph_compress")) return;
  const Bench bench;
  for (const auto& look : {Look{.bits_allocated = 8, .bits_stored = 8}, Look{.bits_stored = 16}, Look{},
                           Look{.samples = 3, .bits_allocated = 8, .bits_stored = 8},
                           Look{.samples = 3, .bits_allocated = 16, .bits_stored = 16}}) {
    const auto d = look.description();
    INFO(d.samples << " samples of " << d.bits_stored << " bits");
    const auto frame = sample_frame(d);
    const std::string name = d.samples == 3 ? "image.ppm" : "image.pgm";
    const std::string head = std::string(d.samples == 3 ? "P6\n" : "P5\n") + std::to_string(d.columns) + " " +
                             std::to_string(d.rows) + "\n" + std::to_string((1u << d.bits_stored) - 1) + "\n";
    auto big_endian = frame;
    if (d.bits_allocated == 16)
      for (std::size_t i = 0; i < big_endian.size(); i += 2) std::swap(big_endian[i], big_endian[i + 1]);
    bench.write(name, big_endian, head);
    const auto* decoder = frame_decoder(kHtj2k);

    // theirs, read here
    for (const char* options : {"-reversible true", "-reversible true -num_decomps 0 -block_size {32,32}",
                                "-reversible true -prog_order LRCP", "-qstep 0.001"}) {
      INFO(options);
      if (!Bench::run("ojph_compress -i '" + bench.path(name) + "' -o '" + bench.path("theirs.j2c") + "' " + options)) {
        WARN("ojph_compress refuses " << options);
        continue;
      }
      auto stored = d;
      if (d.samples == 3) stored.photometric_interpretation = "YBR_RCT";
      Bytes decoded(frame.size());
      decoder->decode(bench.read("theirs.j2c"), stored, decoded);
      REQUIRE(
          Bench::run("ojph_expand -i '" + bench.path("theirs.j2c") + "' -o '" + bench.path("expanded-" + name) + "'"));
      auto expanded = bench.read("expanded-" + name);
      expanded.erase(expanded.begin(), expanded.end() - static_cast<std::ptrdiff_t>(frame.size()));
      if (std::string_view(options).starts_with("-reversible")) {
        if (expanded == big_endian)
          CHECK(decoded == frame);
        else
          WARN("ojph_compress loses pixels with " << options);  // 0.21 without decompositions
        continue;
      }
      int largest = 0;
      for (std::size_t i = 0; i < frame.size(); i += d.bits_allocated / 8) {
        const auto value = [&](const Bytes& b, bool big) {
          if (d.bits_allocated == 8) return std::to_integer<int>(b[i]);
          return std::to_integer<int>(b[i + big]) | std::to_integer<int>(b[i + !big]) << 8;
        };
        largest = std::max(largest, std::abs(value(decoded, false) - value(expanded, true)));
      }
      CHECK(largest <= (d.bits_stored == 16 ? 4 : 1));  // floating point arithmetic
    }

    // ours, read by theirs
    bench.write("ours.j2c", frame_encoder(kHtj2kLosslessRpcl)->encode(frame, d));
    REQUIRE(Bench::run("ojph_expand -i '" + bench.path("ours.j2c") + "' -o '" + bench.path("back-" + name) + "'"));
    auto back = bench.read("back-" + name);
    REQUIRE(back.size() > big_endian.size());
    back.erase(back.begin(), back.end() - static_cast<std::ptrdiff_t>(big_endian.size()));
    CHECK(back == big_endian);
  }
}
