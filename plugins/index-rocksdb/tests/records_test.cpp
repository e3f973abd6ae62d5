#include "records.hpp"

#include <catch2/catch.hpp>

#include "encoding.hpp"
#include "fermata/testing/sample_instance.hpp"
#include "fermata/testing/stored_instance.hpp"

using namespace fermata;
using namespace fermata::index_rocksdb;

namespace {

const std::string kKey = instance_key("1.1", "1.1.1", sortable_number("3"), "1.1.1.1");

InstanceRecord sample_record() {
  static const testing::SampleInstance sample("1.1", "1.1.1", "1.1.1.1");
  auto record = sample.record();
  record.header = {};
  return record;
}

/// Every beginning of `value` but the whole.
template <class F>
void check_each_cut_is_corrupt(const std::string& value, F&& decode) {
  for (std::size_t n = 0; n < value.size(); ++n) {
    CAPTURE(n);
    try {
      decode(value.substr(0, n));
      FAIL("a value cut short was read");
    } catch (const Error& e) {
      CHECK(e.code() == Code::corrupt);
      CHECK(std::string(e.what()).find("1.1") != std::string::npos);
    }
  }
}

}  // namespace

TEST_CASE("a varint takes any 64 bits, and one without an end is malformed") {
  for (const uint64_t n : {uint64_t{0}, uint64_t{127}, uint64_t{128}, uint64_t{1} << 35, UINT64_MAX}) {
    const auto value = Encoder().varint(n).take();
    Decoder in(value);
    CHECK(in.varint() == n);
    CHECK(in.rest().empty());
  }
  CHECK_THROWS_AS(Decoder(std::string(11, '\x80')).varint(), Decoder::Malformed);
}

TEST_CASE("a string whose length goes past the end is malformed") {
  const auto value = Encoder().varint(UINT64_MAX).raw("abc").take();
  Decoder in(value);
  CHECK_THROWS_AS(in.string(), Decoder::Malformed);
}

TEST_CASE("an instance is read as it was written") {
  auto record = sample_record();
  const BulkValue bulk[]{{0x00091010u, {'U', 'N'}, 0, 70'000, 65'537},
                         {0x7fe00010u, {'O', 'W'}, 0, 200'000, UINT64_MAX}};
  record.bulk = bulk;
  for (const char* sop_class : {"1.2.840.10008.5.1.4.1.1.2", "1.2.840.113619.4.26", ""})
    for (const char* blob : {"2024/01/02/1.1.1.1.dcm", "1.1.1.1", "something else", ""}) {
      record.sop_class_uid = sop_class;
      record.blob_key = blob;
      const auto value = encode_instance(record, 77);
      DecodedInstance decoded;
      decoded.read(kKey, value);
      CHECK(decoded.arrival() == 77);
      CHECK(testing::StoredInstance(decoded.record()) == testing::StoredInstance(record));
      CHECK(decoded.record().sop_class_uid == sop_class);
    }
}

TEST_CASE("a damaged record of an instance is corrupt, and the message says which") {
  check_each_cut_is_corrupt(encode_instance(sample_record(), 1), [](const std::string& value) {
    DecodedInstance decoded;
    decoded.read(kKey, value);
  });
  DecodedInstance decoded;
  CHECK_THROWS_WITH(decoded.read(kKey, "\x7f"), Catch::Contains("instance 1.1.1.1"));
}

TEST_CASE("counts are read as they were written, and damaged ones are corrupt") {
  Counts counts;
  counts.series = 3;
  counts.instances = 400;
  counts.modalities.add("CT", 2);
  counts.modalities.add("SR");
  counts.sop_classes.add("1.2.840.10008.5.1.4.1.1.2", 400);
  const auto value = encode_counts(counts);
  CHECK(decode_counts("1.1", value) == counts);
  check_each_cut_is_corrupt(value, [](const std::string& cut) { decode_counts("1.1", cut); });
}

TEST_CASE("attributes are read as they were written") {
  Attributes attributes;
  attributes.origin = "1.1.1.1";
  attributes.data_set = {std::byte{1}, std::byte{2}};
  CHECK(decode_attributes("1.1", encode_attributes(attributes)) == attributes);
  CHECK_THROWS_AS(decode_attributes("1.1", ""), Error);
}

TEST_CASE("a tally knows the first and the last of a value") {
  Tally tally;
  CHECK(tally.add("MR"));
  CHECK(tally.add("CT"));
  CHECK_FALSE(tally.add("CT"));
  CHECK(tally.joined() == "CT\\MR");
  CHECK_FALSE(tally.remove("CT"));
  CHECK(tally.remove("CT"));
  CHECK_FALSE(tally.remove("CT"));
  CHECK(tally.joined() == "MR");
}
