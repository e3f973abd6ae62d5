#include <zlib.h>

#include <catch2/catch.hpp>
#include <random>

#include "archive_fixture.hpp"
#include "data-set/canonical_header.hpp"
#include "data-set/data_set_scanner.hpp"
#include "refusal.hpp"
#include "sample_files.hpp"

using namespace fermata;
using namespace fermata::archive;
using namespace fermata::archive::testing;

namespace {

struct Scan {
  bool complete = false;
  std::vector<std::byte> captured;
  std::vector<BulkValue> bulk;
  std::string refusal;
};

Scan scan(Bytes data, std::string_view transfer_syntax, std::size_t chunk, ScanLimits limits = {}) {
  Scan result;
  try {
    DataSetScanner scanner(transfer_syntax, limits);
    for (std::size_t at = 0; at < data.size(); at += chunk)
      scanner.feed(data.subspan(at, std::min(chunk, data.size() - at)));
    scanner.finish();
    result.captured.assign(scanner.captured().begin(), scanner.captured().end());
    result.bulk = scanner.bulk();
    result.complete = true;
  } catch (const Refused& refused) {
    result.refusal = refused.what();
  }
  return result;
}

Scan scan(Bytes data, std::string_view transfer_syntax = kExplicitLittle, ScanLimits limits = {}) {
  return scan(data, transfer_syntax, std::max<std::size_t>(1, data.size()), limits);
}

bool same(const Scan& a, const Scan& b) {
  return a.complete == b.complete && a.captured == b.captured && a.refusal == b.refusal &&
         std::equal(a.bulk.begin(), a.bulk.end(), b.bulk.begin(), b.bulk.end(),
                    [](const BulkValue& x, const BulkValue& y) {
                      return x.tag == y.tag && x.offset == y.offset && x.length == y.length && x.vr[0] == y.vr[0] &&
                             x.vr[1] == y.vr[1];
                    });
}

std::vector<std::byte> bytes(std::initializer_list<int> list) {
  std::vector<std::byte> out;
  for (const int b : list) out.push_back(static_cast<std::byte>(b));
  return out;
}

template <class... Parts>
std::vector<std::byte> join(const Parts&... parts) {
  std::vector<std::byte> out;
  (out.insert(out.end(), parts.begin(), parts.end()), ...);
  return out;
}

const auto kModalityElement = bytes({0x08, 0, 0x60, 0, 'C', 'S', 2, 0, 'O', 'T'});
const auto kEncapsulatedHeader = bytes({0xe0, 0x7f, 0x10, 0, 'O', 'B', 0, 0, 0xff, 0xff, 0xff, 0xff});
const auto kEmptyItem = bytes({0xfe, 0xff, 0, 0xe0, 0, 0, 0, 0});
const auto kSequenceEnd = bytes({0xfe, 0xff, 0xdd, 0xe0, 0, 0, 0, 0});
const auto kItemEnd = bytes({0xfe, 0xff, 0x0d, 0xe0, 0, 0, 0, 0});
const auto kOpenItem = bytes({0xfe, 0xff, 0, 0xe0, 0xff, 0xff, 0xff, 0xff});

std::vector<std::byte> deflate_raw(Bytes data) {
  z_stream stream{};
  REQUIRE(deflateInit2(&stream, 9, Z_DEFLATED, -MAX_WBITS, 9, Z_DEFAULT_STRATEGY) == Z_OK);
  std::vector<std::byte> out(deflateBound(&stream, data.size()));
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<std::byte*>(data.data()));
  stream.avail_in = static_cast<uInt>(data.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  REQUIRE(deflate(&stream, Z_FINISH) == Z_STREAM_END);
  out.resize(stream.total_out);
  deflateEnd(&stream);
  return out;
}

}  // namespace

TEST_CASE("a data set scans the same in chunks of any size") {
  for (const auto& s : samples()) {
    INFO(s.path);
    const auto whole = scan(s.data_set, s.meta.transfer_syntax_uid);
    for (const std::size_t chunk : {1u, 7u, 4096u})
      CHECK(same(whole, scan(s.data_set, s.meta.transfer_syntax_uid, chunk)));
  }
}

TEST_CASE("a data set cut short is complete only between two top-level elements") {
  Object object;
  object.pixels = 20;
  const auto data = object.encode();
  std::vector<std::size_t> boundaries{0};
  const dicom::DataSetView view(data);
  for (auto it = view.begin(); it != view.end(); ++it) boundaries.push_back(boundaries.back() + it.encoded().size());
  for (std::size_t length = 0; length <= data.size(); ++length) {
    INFO(length);
    const bool boundary = std::find(boundaries.begin(), boundaries.end(), length) != boundaries.end();
    CHECK(scan(Bytes(data).first(length)).complete == boundary);
  }
}

TEST_CASE("a cut in nested or encapsulated values is always seen") {
  const auto sequence = join(bytes({0x08, 0, 0x40, 0x11, 'S', 'Q', 0, 0, 0xff, 0xff, 0xff, 0xff}), kOpenItem,
                             kModalityElement, kItemEnd, kSequenceEnd);
  const auto pixels =
      join(kEncapsulatedHeader, kEmptyItem, bytes({0xfe, 0xff, 0, 0xe0, 4, 0, 0, 0, 1, 2, 3, 4}), kSequenceEnd);
  for (const auto& data : {sequence, pixels}) {
    CHECK(scan(data).complete);
    for (std::size_t length = 1; length < data.size(); ++length) CHECK_FALSE(scan(Bytes(data).first(length)).complete);
  }
}

TEST_CASE("bulk values are counted with their place, and elements after them are captured") {
  const auto after = bytes({0xe1, 0x7f, 0x10, 0, 'L', 'O', 2, 0, 'A', 'B'});
  const auto data = join(kModalityElement, kEncapsulatedHeader, kEmptyItem, kSequenceEnd, after);
  const auto result = scan(data);
  REQUIRE(result.complete);
  REQUIRE(result.bulk.size() == 1);
  CHECK(result.bulk[0].tag == dicom::kPixelData.value);
  CHECK(result.bulk[0].offset == kModalityElement.size() + kEncapsulatedHeader.size());
  CHECK(result.bulk[0].length == UINT64_MAX);
  CHECK(result.captured == join(kModalityElement, after));
}

TEST_CASE("large binary values are bulk, and so is text of more than 1 MiB") {
  dicom::DataSetWriter w;
  w.add(dicom::Tag(0x0009, 0x1001), "OB", std::vector<std::byte>(65538));  // before the UIDs
  w.add(dicom::Tag(0x0021, 0x1001), "UN", std::vector<std::byte>(65536));
  w.add(dicom::Tag(0x0021, 0x1002), "OB", std::vector<std::byte>(65538));
  w.add(dicom::Tag(0x0040, 0xa160), "UT", std::string(1 << 20, 'x'));
  w.add(dicom::Tag(0x0042, 0x0001), "UT", std::string((1 << 20) + 2, 'x'));
  const auto result = scan(w.bytes());
  REQUIRE(result.bulk.size() == 2);
  CHECK(result.bulk[1].tag == 0x00420001);
  CHECK(result.bulk[0].tag == 0x00211002);
  CHECK(result.bulk[0].length == 65538);
}

TEST_CASE("what deflates is scanned, and its bulk can't be addressed") {
  Object object;
  object.pixels = 200000;
  const auto plain = object.encode();
  auto deflated = deflate_raw(plain);
  const auto result = scan(deflated, kDeflated, 100);
  REQUIRE(result.complete);
  CHECK(result.captured == scan(plain).captured);
  REQUIRE(result.bulk.size() == 1);
  CHECK(result.bulk[0].offset == DataSetScanner::kNotAddressable);
  CHECK(result.bulk[0].length == 200000);
  for (std::size_t length = 0; length < deflated.size(); ++length)
    CHECK_FALSE(scan(Bytes(deflated).first(length), kDeflated).complete);
  deflated.push_back(std::byte{0});
  CHECK(scan(deflated, kDeflated).complete);
  deflated.resize(deflated.size() + 100);
  CHECK_FALSE(scan(deflated, kDeflated).complete);
}

TEST_CASE("a data set in another encoding than its transfer syntax is refused") {
  const auto explicit_little = Object().encode();
  CHECK_FALSE(scan(explicit_little, kImplicitLittle).complete);
  CHECK_FALSE(scan(explicit_little, kExplicitBig).complete);
  CHECK_FALSE(scan(explicit_little, kDeflated).complete);
  CHECK_FALSE(scan(bytes({0x08, 0, 0x60, 0, 2, 0, 0, 0, 'O', 'T'}), kExplicitLittle).complete);
}

TEST_CASE("Value Representations in lower case are those that are meant, others are none") {
  const auto large = bytes({0xe0, 0x7f, 0x10, 0, 'o', 'w', 0, 0, 2, 0, 0, 0, 1, 2});
  const auto result = scan(join(bytes({0x08, 0, 0x60, 0, 'c', 's', 2, 0, 'O', 'T'}), large));
  CHECK(result.complete);
  REQUIRE(result.bulk.size() == 1);
  CHECK(std::string(result.bulk[0].vr, 2) == "OW");
  CHECK_FALSE(scan(bytes({0x08, 0, 0x60, 0, 'z', 'z', 2, 0, 'O', 'T'})).complete);
  CHECK_FALSE(scan(bytes({0x08, 0, 0x60, 0, 'C', 's', 2, 0, 'O', 'T'})).complete);
}

TEST_CASE("zeros after the data set are padding, anything else is not") {
  CHECK(scan(join(kModalityElement, std::vector<std::byte>(100))).complete);
  CHECK_FALSE(scan(join(kModalityElement, std::vector<std::byte>(100), bytes({1}))).complete);
  CHECK_FALSE(scan(join(kModalityElement, bytes({0, 0, 0}))).complete);
  const auto odd = bytes({0xe0, 0x7f, 0x10, 0, 'O', 'B', 0, 0, 3, 0, 0, 0, 1, 2, 3});
  CHECK(scan(odd).complete);
  CHECK(scan(join(odd, bytes({0}))).complete);
}

TEST_CASE("Data Set Trailing Padding belongs to no header") {
  const auto padding = bytes({0xfc, 0xff, 0xfc, 0xff, 'O', 'B', 0, 0, 2, 0, 0, 0, 0, 0});
  const auto result = scan(join(kModalityElement, padding));
  CHECK(result.complete);
  CHECK(result.captured == kModalityElement);
  CHECK(result.bulk.empty());
}

TEST_CASE("UN of undefined length is a sequence in Implicit VR") {
  const auto data = join(bytes({0x09, 0, 0x01, 0x10, 'U', 'N', 0, 0, 0xff, 0xff, 0xff, 0xff}), kOpenItem,
                         bytes({0x08, 0, 0x60, 0, 2, 0, 0, 0, 'O', 'T'}), kItemEnd, kSequenceEnd);
  CHECK(scan(data).complete);
  CHECK(scan(data).captured == data);
}

TEST_CASE("a header over the limit is refused before it is received") {
  ScanLimits limits;
  limits.header = 1000;
  auto data = bytes({0x40, 0, 0x60, 0xa1, 'U', 'T', 0, 0, 0, 0, 0x0f, 0});
  const auto result = scan(data, kExplicitLittle, limits);
  CHECK(result.refusal == "the header is larger than this archive takes");
}

TEST_CASE("a header over the limit is refused before it is received within sequences, too") {
  ScanLimits limits;
  limits.header = 1000;
  const auto sequence = bytes({0x40, 0, 0x60, 0x02, 'S', 'Q', 0, 0, 0xff, 0xff, 0xff, 0xff});
  const auto text = bytes({0x40, 0, 0x80, 0x02, 'U', 'T', 0, 0, 0, 0, 0x0f, 0});
  const auto defined = bytes({0x40, 0, 0x60, 0x02, 'S', 'Q', 0, 0, 0, 0, 0x0f, 0});
  const auto defined_item = bytes({0xfe, 0xff, 0, 0xe0, 0, 0, 0x0f, 0});
  for (const auto& data : {join(sequence, kOpenItem, text), join(sequence, defined_item), defined})
    CHECK(scan(data, kExplicitLittle, limits).refusal == "the header is larger than this archive takes");
}

TEST_CASE("nesting over the limit is refused") {
  std::vector<std::byte> data;
  for (int i = 0; i < 70; ++i)
    data = join(data, bytes({0x08, 0, 0x40, 0x11, 'S', 'Q', 0, 0, 0xff, 0xff, 0xff, 0xff}), kOpenItem);
  CHECK(scan(data).refusal == "the data set nests sequences too deeply");
}

TEST_CASE("damaged data sets are refused or understood, but nothing else happens") {
  std::mt19937 random(20240531);
  for (const auto& s : samples()) {
    if (s.data_set.size() > 100000) continue;
    for (int round = 0; round < 20; ++round) {
      auto damaged = s.data_set;
      if (damaged.empty()) continue;
      const auto changes = 1 + random() % 4;
      for (unsigned i = 0; i < changes; ++i)
        damaged[random() % std::min<std::size_t>(damaged.size(), 4000)] = static_cast<std::byte>(random());
      const auto result = scan(damaged, s.meta.transfer_syntax_uid, 1 + random() % 5000);
      if (!result.complete) continue;
      try {
        const auto header = canonical_header(result.captured, encoding_of(s.meta.transfer_syntax_uid).elements);
        dicom::Tag last;
        for (const auto& element : dicom::DataSetView(header.bytes)) {
          CHECK(last < element.tag);
          last = element.tag;
        }
      } catch (const Refused&) {
      }
    }
  }
  SUCCEED();
}
