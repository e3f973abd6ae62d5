#include "lossless_transcoder.hpp"

#include <dcmtk/config/osconfig.h>
#include <dcmtk/dcmdata/dcfilefo.h>
#include <unistd.h>

#include <algorithm>
#include <catch2/catch.hpp>
#include <cstdio>
#include <cstdlib>
#include <future>
#include <random>

#include "composed_object.hpp"
#include "fermata/dcmtk.hpp"
#include "fermata/dicom/transfer_syntax.hpp"
#include "recoding/recoded_object.hpp"
#include "tests/sample_files.hpp"
#include "tests/sample_image.hpp"

using namespace fermata;
using namespace fermata::codecs;
using namespace fermata::codecs::testing;
namespace transfer_syntax = dicom::transfer_syntax;
using dicom::DataSetWriter;
using dicom::Encoding;
using dicom::Tag;

namespace {

const std::string kImplicit(transfer_syntax::kImplicitLittleEndian);
const std::string kExplicit(transfer_syntax::kExplicitLittleEndian);
const std::string kBig(transfer_syntax::kExplicitBigEndian);
const std::string kDeflated(transfer_syntax::kDeflatedExplicitLittleEndian);
constexpr uint64_t kPlenty = uint64_t{1} << 30;

template <std::size_t n>
Bytes literal(const char (&text)[n]) {
  const auto bytes = std::as_bytes(std::span(text, n - 1));
  return {bytes.begin(), bytes.end()};
}

Bytes read_all(ObjectReader& object) {
  Bytes bytes(static_cast<std::size_t>(object.length()));
  std::size_t at = 0;
  while (at < bytes.size()) {
    const auto count = object.read_at(at, std::span(bytes).subspan(at, std::min<std::size_t>(7777, bytes.size() - at)));
    if (count == 0) break;
    at += static_cast<std::size_t>(count);
  }
  CHECK(at == bytes.size());
  return bytes;
}

/// A transcoder with a memory of its own.
struct Transcoding {
  explicit Transcoding(uint64_t memory_size, std::chrono::milliseconds patience = std::chrono::seconds(30))
      : memory(memory_size, std::filesystem::temp_directory_path(), patience) {}
  std::unique_ptr<ObjectReader> transcode(const Bytes& bytes, const std::string& from, const std::string& to) {
    return transcoder.transcode(std::make_unique<BytesObject>(bytes), from, to);
  }
  bool can(std::string_view from, std::string_view to) { return transcoder.can(from, to); }
  Memory memory;
  LosslessTranscoder transcoder{memory};
};

Bytes transcoded(Transcoding& transcoder, const Bytes& bytes, const std::string& from, const std::string& to) {
  return read_all(*transcoder.transcode(bytes, from, to));
}

std::unique_ptr<DcmDataset> read_by_dcmtk(const Bytes& bytes, const std::string& transfer_syntax) {
  auto data_set = std::make_unique<DcmDataset>();
  DcmInputBufferStream stream;
  stream.setBuffer(bytes.data(), static_cast<offile_off_t>(bytes.size()));
  stream.setEos();
  data_set->transferInit();
  const auto condition = data_set->read(stream, DcmXfer(transfer_syntax.c_str()).getXfer());
  INFO(condition.text());
  REQUIRE(condition.good());
  data_set->transferEnd();
  data_set->loadAllDataIntoMemory();
  return data_set;
}

/// The data set as DCMTK reads it, in one form whatever the transfer syntax.
Bytes as_dcmtk_reads(const Bytes& bytes, const std::string& transfer_syntax) {
  return from_dcmtk(*read_by_dcmtk(bytes, transfer_syntax));
}

/// The data set as DCMTK gives it in another transfer syntax. Implicit VR makes OW of OB.
Bytes as_dcmtk_converts(const Bytes& bytes, const std::string& from, const std::string& to) {
  const auto data_set = read_by_dcmtk(bytes, from);
  std::vector<char> out(std::size_t{16} << 20);
  DcmOutputBufferStream stream(out.data(), static_cast<offile_off_t>(out.size()));
  DcmWriteCache cache;
  data_set->transferInit();
  REQUIRE(data_set->write(stream, DcmXfer(to.c_str()).getXfer(), EET_UndefinedLength, &cache).good());
  data_set->transferEnd();
  void* written = nullptr;
  offile_off_t length = 0;
  stream.flushBuffer(written, length);
  const auto* begin = static_cast<const std::byte*>(written);
  return {begin, begin + length};
}

/// Where two data sets differ first; empty if they don't.
std::string difference(const Bytes& a, const Bytes& b) {
  const auto described = [](const dicom::Element& e) {
    char text[64];
    std::snprintf(text, sizeof text, "(%04x,%04x) %c%c, %zu bytes", e.tag.group(), e.tag.element(), e.vr.first(),
                  e.vr.second(), e.value.size());
    return std::string(text);
  };
  if (a == b) return {};
  auto i = dicom::DataSetView(a).begin();
  auto k = dicom::DataSetView(b).begin();
  for (; i != std::default_sentinel && k != std::default_sentinel; ++i, ++k)
    if (!std::ranges::equal(i.encoded(), k.encoded())) return described(*i) + " and " + described(*k);
  return "one ends before the other";
}

Bytes sample() {
  DataSetWriter w;
  w.add(dicom::kSopClassUid, "UI", "1.2.840.10008.5.1.4.1.1.2");
  w.begin_sequence(Tag(0x0008, 0x1140));
  w.begin_item();
  w.add(Tag(0x0008, 0x1150), "UI", "1.2.3");
  w.begin_sequence(Tag(0x0040, 0xa170));
  w.begin_item();
  w.add(Tag(0x0008, 0x0104), "LO", "deep");
  w.end();
  w.end();
  w.end();
  w.begin_item();
  w.end();
  w.end();
  w.add(Tag(0x0009, 0x0010), "LO", "SOMEBODY");
  w.add(Tag(0x0009, 0x1001), "UN", "private");
  w.add(dicom::kPatientName, "PN", "Doe^Jane");
  w.add_u32(Tag(0x0018, 0x6018), 0x01020304);
  w.add(Tag(0x0018, 0x9087), "FD", std::string_view("\x01\x02\x03\x04\x05\x06\x07\x08", 8));
  w.add(Tag(0x0020, 0x9165), "AT", std::string_view("\x20\x00\x13\x00\x28\x00\x10\x00", 8));
  w.add_u16(Tag(0x0028, 0x0010), 32);
  w.add_u16(Tag(0x0028, 0x0100), 16);
  w.add_u16(Tag(0x0028, 0x0103), 1);
  w.add(Tag(0x0028, 0x0106), "SS", std::string_view("\xfe\xff", 2));
  std::string pixels(32 * 33 * 2, '\0');
  for (std::size_t i = 0; i < pixels.size(); ++i) pixels[i] = static_cast<char>(i * 7);
  w.add(dicom::kPixelData, "OW", pixels);
  return w.take();
}

/// As `sample`, with undefined lengths everywhere.
Bytes sample_with_undefined_lengths() {
  return literal(
      "\x08\x00\x40\x11SQ\0\0\xff\xff\xff\xff"
      "\xfe\xff\x00\xe0\xff\xff\xff\xff"
      "\x08\x00\x50\x11UI\x06\0"
      "1.2.3\0"
      "\xfe\xff\x0d\xe0\0\0\0\0"
      "\xfe\xff\xdd\xe0\0\0\0\0"
      "\x10\x00\x10\x00PN\x04\0Doe ");
}

}  // namespace

TEST_CASE("uncompressed encodings change into each other and back without a difference") {
  Transcoding transcoder(kPlenty);
  for (const auto& original : {sample(), sample_with_undefined_lengths()}) {
    for (const auto& to : {kImplicit, kBig, kDeflated}) {
      INFO(to);
      const auto there = transcoded(transcoder, original, kExplicit, to);
      CHECK(there != original);
      CHECK(there.size() % 2 == 0);
      CHECK(difference(as_dcmtk_reads(there, to), as_dcmtk_reads(original, kExplicit)) == "");
      CHECK(difference(transcoded(transcoder, there, to, kExplicit), original) == "");
      for (const auto& further : {kImplicit, kBig, kDeflated}) {
        const auto back = transcoded(transcoder, transcoded(transcoder, there, to, further), further, kExplicit);
        CHECK(difference(back, original) == "");
      }
    }
  }
}

TEST_CASE("a recoded object can be read from any place") {
  const Encoding plain{true, false, false};
  const Encoding big{true, true, false};
  RecodedObject object(std::make_unique<BytesObject>(sample()), plain, big);
  const auto whole = read_all(object);
  std::mt19937 random(1);
  for (int i = 0; i < 2000; ++i) {
    const auto begin = random() % whole.size();
    const auto length = 1 + random() % 300;
    Bytes piece(length);
    const auto count = static_cast<std::size_t>(object.read_at(begin, piece));
    REQUIRE(count == std::min<std::size_t>(length, whole.size() - begin));
    REQUIRE(std::equal(piece.begin(), piece.begin() + static_cast<std::ptrdiff_t>(count),
                       whole.begin() + static_cast<std::ptrdiff_t>(begin)));
  }
  Bytes none(10);
  CHECK(object.read_at(whole.size(), none) == 0);
}

TEST_CASE("a sequence of unknown VR becomes a sequence, its content from implicit VR") {
  const auto bytes = literal(
      "\x09\x00\x10\x00LO\x04\0ABCD"
      "\x09\x00\x01\x10UN\0\0\xff\xff\xff\xff"
      "\xfe\xff\x00\xe0\xff\xff\xff\xff"
      "\x10\x00\x10\x00\x04\0\0\0Doe "
      "\xfe\xff\x0d\xe0\0\0\0\0"
      "\xfe\xff\xdd\xe0\0\0\0\0");
  const Encoding plain{true, false, false};
  RecodedObject object(std::make_unique<BytesObject>(bytes), plain, plain);
  const auto out = read_all(object);
  const auto sequence = dicom::DataSetView(out).find(Tag(0x0009, 0x1001));
  REQUIRE(sequence);
  CHECK(sequence->vr == dicom::Vr("SQ"));
  for (const auto item : sequence->items()) CHECK(item.text(dicom::kPatientName) == "Doe");
}

TEST_CASE("a Value Representation that is none, or none yet, is an unknown one") {
  Transcoding transcoder(kPlenty);
  const auto bytes = literal(
      "\x29\0\x10\0LO\4\0ACME"
      "\x29\0\x01\x10--\4\0abcd"
      "\x29\0\x02\x10\0\0\2\0xy"
      "\x29\0\x03\x10ZZ\0\0\2\0\0\0zz");
  CHECK(transcoded(transcoder, bytes, kExplicit, kImplicit) == literal("\x29\0\x10\0\4\0\0\0ACME"
                                                                       "\x29\0\x01\x10\4\0\0\0abcd"
                                                                       "\x29\0\x02\x10\2\0\0\0xy"
                                                                       "\x29\0\x03\x10\2\0\0\0zz"));
  CHECK(transcoded(transcoder, bytes, kExplicit, kBig) == literal("\0\x29\0\x10LO\0\4ACME"
                                                                  "\0\x29\x10\x01UN\0\0\0\0\0\4abcd"
                                                                  "\0\x29\x10\x02UN\0\0\0\0\0\2xy"
                                                                  "\0\x29\x10\x03UN\0\0\0\0\0\2zz"));
}

TEST_CASE("a Value Representation in lower case is the one that is meant, and OX is OW") {
  Transcoding transcoder(kPlenty);
  const auto bytes = literal(
      "\x10\0\x10\0pn\4\0Doe "
      "\x28\0\x01\x12ow\0\0\2\0\0\0xy"
      "\x28\0\x02\x12OX\0\0\2\0\0\0yz");
  CHECK(transcoded(transcoder, bytes, kExplicit, kBig) == literal("\0\x10\0\x10PN\0\4Doe "
                                                                  "\0\x28\x12\x01OW\0\0\0\0\0\2yx"
                                                                  "\0\x28\x12\x02OW\0\0\0\0\0\2zy"));
}

TEST_CASE("a value too long for explicit VR is written as unknown") {
  Transcoding transcoder(kPlenty);
  Bytes implicit(8 + 70000, std::byte{'1'});
  const unsigned char header[] = {0x08, 0, 0x18, 0, 0x70, 0x11, 0x01, 0};
  for (std::size_t i = 0; i < 8; ++i) implicit[i] = std::byte{header[i]};
  const auto out = transcoded(transcoder, implicit, kImplicit, kExplicit);
  const auto element = dicom::DataSetView(out).find(dicom::kSopInstanceUid);
  REQUIRE(element);
  CHECK(element->vr == dicom::Vr("UN"));
  CHECK(element->value.size() == 70000);
}

TEST_CASE("what is damaged is refused, and nothing beyond it is read") {
  Transcoding transcoder(kPlenty);
  const auto original = sample();
  for (std::size_t length = 1; length < original.size(); length += length < 300 ? 1 : 97) {
    const Bytes cut(original.begin(), original.begin() + static_cast<std::ptrdiff_t>(length));
    try {
      const auto out = transcoded(transcoder, cut, kExplicit, kImplicit);
      // A cut between two elements leaves a data set.
      CHECK_NOTHROW(as_dcmtk_reads(cut, kExplicit));
    } catch (const Error& error) {
      CHECK(error.code() == Code::corrupt);
    }
  }
  std::mt19937 random(2);
  for (int i = 0; i < 3000; ++i) {
    auto bytes = original;
    for (int n = 0; n < 3; ++n) bytes[random() % 300] = static_cast<std::byte>(random());
    try {
      transcoded(transcoder, bytes, kExplicit, kImplicit);
    } catch (const Error&) {
    }
  }
  CHECK_THROWS_AS(transcoded(transcoder, original, kDeflated, kExplicit), Error);
}

TEST_CASE("what can be transcoded is known beforehand") {
  Transcoding transcoder(kPlenty);
  const auto uid = [](const char* end) { return std::string("1.2.840.10008.1.2.") + end; };
  const auto uncompressed = std::vector{kImplicit, kExplicit, kBig, kDeflated};
  for (const char* from : {"4.50", "4.51", "4.53", "4.55", "4.57", "4.70", "4.80", "4.81", "4.90", "4.91", "4.92",
                           "4.93", "4.201", "4.202", "4.203", "5"}) {
    INFO(from);
    for (const auto& to : uncompressed) CHECK(transcoder.can(uid(from), to));
    CHECK(transcoder.can(uid(from), uid("4.80")));
  }
  for (const char* to : {"4.57", "4.70", "4.80", "4.90", "4.91", "4.201", "4.202", "4.203", "5"}) {
    INFO(to);
    for (const auto& from : uncompressed) CHECK(transcoder.can(from, uid(to)));
  }
  // What loses something, what nothing here knows.
  for (const char* to : {"4.50", "4.51", "4.81", "4.100", "4.110"}) {
    CHECK_FALSE(transcoder.can(kExplicit, uid(to)));
    CHECK(transcoder.can(uid(to), uid(to)));
    CHECK_THROWS_AS(transcoder.transcode(sample(), kExplicit, uid(to)), Error);
  }
  for (const char* from : {"4.100", "4.104.1", "4.110", "4.112"}) CHECK_FALSE(transcoder.can(uid(from), kExplicit));
  CHECK_FALSE(transcoder.can("1.2.3.4", kExplicit));
  CHECK(transcoder.can("1.2.3.4", "1.2.3.4"));
}

TEST_CASE("frames that take more memory than all of them may are refused") {
  if (pydicom_data().empty()) return;
  const auto file = Part10File::read(pydicom_data() / "test_files/MR_small_RLE.dcm");
  Transcoding transcoder(1000);
  CHECK_THROWS_WITH(transcoded(transcoder, file.data_set, file.transfer_syntax, kExplicit),
                    Catch::Contains("transcoding_memory"));
}

TEST_CASE("objects wait for memory until another one is done, and not for ever") {
  const auto d = Look{.rows = 512, .columns = 512, .frames = 20}.description();
  Bytes pixels;
  for (unsigned n = 1; n <= d.frames; ++n)
    for (const auto byte : sample_frame(d, n)) pixels.push_back(byte);
  const auto object = sample_object(d, pixels);
  const std::string rle(transfer_syntax::kRleLossless);
  Transcoding transcoder(4 << 20, std::chrono::seconds(2));  // enough for one
  auto first = transcoder.transcode(object, kExplicit, rle);
  Bytes piece(1 << 20);
  first->read_at(0, piece);  // the first frames
  auto second = transcoder.transcode(object, kExplicit, rle);
  try {
    second->length();
    FAIL("it did not wait");
  } catch (const Error& error) {
    CHECK(error.code() == Code::unavailable);
  }
  auto third = std::async(std::launch::async, [&] { return read_all(*transcoder.transcode(object, kExplicit, rle)); });
  CHECK(third.wait_for(std::chrono::milliseconds(50)) == std::future_status::timeout);
  const auto bytes = read_all(*first);  // which gives its memory back at its end
  CHECK(third.get() == bytes);
}

TEST_CASE("native sample files come out as DCMTK reads them, in every uncompressed transfer syntax") {
  if (pydicom_data().empty()) return;
  Transcoding transcoder(kPlenty);
  int files = 0;
  for (const char* name :
       {"CT_small.dcm", "MR_small.dcm", "MR_small_implicit.dcm", "MR_small_bigendian.dcm", "ExplVR_BigEnd.dcm",
        "image_dfl.dcm", "liver_1frame.dcm", "rtdose.dcm", "rtdose_expb.dcm", "rtplan.dcm", "reportsi.dcm",
        "test-SR.dcm", "waveform_ecg.dcm", "SC_rgb_small_odd.dcm", "priv_SQ.dcm", "nested_priv_SQ.dcm"}) {
    INFO(name);
    const auto path = pydicom_data() / "test_files" / name;
    if (!std::filesystem::exists(path)) continue;
    const auto file = Part10File::read(path);
    ++files;
    for (const auto& to : {kExplicit, kImplicit, kBig, kDeflated}) {
      INFO(to);
      const auto out = transcoded(transcoder, file.data_set, file.transfer_syntax, to);
      const auto& plain = to == kDeflated ? kExplicit : to;
      const auto theirs = as_dcmtk_converts(file.data_set, file.transfer_syntax, plain);
      CHECK(difference(as_dcmtk_reads(out, to), as_dcmtk_reads(theirs, plain)) == "");
    }
  }
  CHECK(files > 10);
}

/// Pixels of 8 bits may be OB or OW (PS3.5 A.2): DCMTK's tools write OW.
Bytes with_ow(Bytes object) {
  for (auto it = dicom::DataSetView(object).begin(); it != std::default_sentinel; ++it)
    if (it->tag == dicom::kPixelData)
      object[static_cast<std::size_t>(it.encoded().data() - object.data()) + 5] = std::byte{'W'};
  return object;
}

TEST_CASE("compressed sample files are decoded as by the tools of DCMTK") {
  if (pydicom_data().empty()) return;
  Transcoding transcoder(kPlenty);
  const auto folder = std::filesystem::temp_directory_path() / ("fermata-transcoder-" + std::to_string(::getpid()));
  std::filesystem::create_directory(folder);
  struct Sample {
    std::string tool;
    const char* name;
  };
  for (const auto& [tool, name] :
       {Sample{"dcmdjpeg", "JPEG-lossy.dcm"}, Sample{"dcmdjpeg", "JPGExtended.dcm"},
        Sample{"dcmdjpeg", "SC_rgb_dcmtk_+eb+cy+np.dcm"}, Sample{"dcmdjpeg", "SC_rgb_dcmtk_+eb+cr.dcm"},
        Sample{"dcmdjpeg", "SC_rgb_jpeg_dcmtk.dcm"}, Sample{"dcmdjpeg", "SC_rgb_small_odd_jpeg.dcm"},
        Sample{"dcmdjpls", "MR_small_jpeg_ls_lossless.dcm"}, Sample{"dcmdrle", "MR_small_RLE.dcm"},
        Sample{"dcmdrle", "SC_rgb_rle.dcm"}, Sample{"dcmdrle", "SC_rgb_rle_2frame.dcm"},
        Sample{"dcmdrle", "SC_rgb_rle_16bit_2frame.dcm"}, Sample{"dcmdrle", "rtdose_rle.dcm"}}) {
    INFO(name);
    const auto path = pydicom_data() / "test_files" / name;
    if (!std::filesystem::exists(path)) {
      WARN("missing: " << name);
      continue;
    }
    const auto file = Part10File::read(path);
    for (const auto& [option, to] : {std::pair(" +te '", kExplicit), {" +ti '", kImplicit}, {" +tb '", kBig}}) {
      INFO(to);
      const auto decoded = folder / "decoded.dcm";
      const auto command = tool + (option + path.string()) + "' '" + decoded.string() + "'";
      REQUIRE(std::system(command.c_str()) == 0);
      const auto theirs = Part10File::read(decoded);
      REQUIRE(theirs.transfer_syntax == to);
      const auto ours = transcoded(transcoder, file.data_set, file.transfer_syntax, to);
      CHECK(difference(with_ow(as_dcmtk_reads(ours, to)), with_ow(as_dcmtk_reads(theirs.data_set, to))) == "");
    }
  }
  std::filesystem::remove_all(folder);
}
