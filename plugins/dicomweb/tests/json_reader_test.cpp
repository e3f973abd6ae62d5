#include "store/json_reader.hpp"

#include <catch2/catch.hpp>
#include <cmath>
#include <cstring>

#include "fermata/dicom/data_set_view.hpp"
#include "fermata/dicom/data_set_writer.hpp"
#include "fermata/dicom/json_writer.hpp"

using namespace fermata;
using namespace fermata::dicom;
using namespace fermata::dicomweb;
using namespace std::string_literals;

namespace {

const AttributeDictionary& dictionary() {
  static const AttributeDictionary loaded;
  return loaded;
}

std::vector<Metadata> read(std::string_view text, std::size_t piece = SIZE_MAX) {
  std::vector<Metadata> all;
  JsonReader reader(dictionary(), [&](Metadata metadata) { all.push_back(std::move(metadata)); });
  for (; !text.empty(); text.remove_prefix(std::min(piece, text.size()))) reader.feed(text.substr(0, piece));
  reader.finish();
  return all;
}

std::vector<std::byte> one(std::string_view text) {
  const auto all = read(text);
  REQUIRE(all.size() == 1);
  CHECK(all.front().data_set.references.empty());
  return all.front().data_set.bytes;
}

std::string failure(std::string_view text) {
  try {
    read(text);
  } catch (const Error& error) {
    CHECK(error.code() == Code::invalid);
    return error.what();
  }
  return "no failure";
}

/// The value field of one attribute.
std::string value(std::string_view attribute) {
  const auto bytes = one(R"({"00091001":)" + std::string(attribute) + "}");
  const DataSetView view(bytes);
  const auto field = view.begin()->value;
  return {reinterpret_cast<const char*>(field.data()), field.size()};
}

template <class Number>
std::string numbers(std::initializer_list<Number> values) {
  return {reinterpret_cast<const char*>(values.begin()), values.size() * sizeof(Number)};
}

std::string json_of(std::span<const std::byte> data_set) {
  std::string text;
  JsonWriter writer([&](std::string_view piece) { text += piece; });
  writer.write(DataSetView(data_set));
  writer.flush();
  return text;
}

}  // namespace

TEST_CASE("what the writer writes as JSON, the reader reads, in pieces of any size") {
  DataSetWriter data_set;
  data_set.add(kSpecificCharacterSet, "CS", "ISO_IR 192");
  data_set.add(Tag(0x0008, 0x0008), "CS", "ORIGINAL\\\\AXIAL");
  data_set.add(Tag(0x0008, 0x0018), "UI", "1.2.3.4");
  data_set.begin_sequence(Tag(0x0008, 0x1140));
  data_set.begin_item();
  data_set.add(Tag(0x0008, 0x1155), "UI", "1.2.3");
  data_set.begin_sequence(Tag(0x0040, 0xa170));
  data_set.end();
  data_set.end();
  data_set.begin_item();
  data_set.end();
  data_set.end();
  data_set.add(kPatientName, "PN", "Yamada^Tarou=山田^太郎=やまだ^たろう\\Doe");
  data_set.add(Tag(0x0018, 0x0050), "DS", "0.500\\-1e5");
  data_set.add(Tag(0x0018, 0x605a), "FL", numbers<float>({0.1f, -3e30f}));
  data_set.add(Tag(0x0020, 0x0013), "IS", "7");
  data_set.add(Tag(0x0020, 0x9165), "AT", numbers<uint16_t>({0x0018, 0x0050}));
  data_set.add(Tag(0x0028, 0x0010), "US", numbers<uint16_t>({512}));
  data_set.add(Tag(0x0028, 0x0106), "SS", numbers<int16_t>({-5}));
  data_set.add(Tag(0x0040, 0x0254), "LO", "Übersicht \"quer\"");
  data_set.add(Tag(0x0040, 0xa160), "UT", "two\r\nlines \\ one value");
  data_set.add(Tag(0x0040, 0xa30a), "DS", "");
  data_set.add(Tag(0x0072, 0x0082), "SV", numbers<int64_t>({INT64_MIN, 5}));
  data_set.add(Tag(0x0072, 0x0083), "UV", numbers<uint64_t>({UINT64_MAX}));
  data_set.add(Tag(0x7fe0, 0x0010), "OW", "\1\2\3\4\5\6");
  const auto expected = data_set.take();
  const auto text = json_of(expected);
  for (std::size_t piece = 1; piece < text.size() + 2; piece += piece < 20 ? 1 : 37) {
    const auto all = read(text, piece);
    REQUIRE(all.size() == 1);
    CHECK(all.front().data_set.bytes == expected);
  }
}

TEST_CASE("an array may hold many data sets, or none") {
  CHECK(read("[]").empty());
  CHECK(read(" [ {} , {\"00200013\":{\"vr\":\"IS\",\"Value\":[1]}} ] \n").size() == 2);
  CHECK(read("{}").size() == 1);
}

TEST_CASE("attributes and their members may come in any order") {
  const auto bytes = one(R"({"30060002":{"Value":["label"],"vr":"SH"},"00200010":{"Value":[5],"vr":"SH"},
                            "0008103e":{"Value":["lower case"],"vr":"LO","keyword":"SeriesDescription","x":[{"y":[1]}]}})");
  DataSetWriter expected;
  expected.add(Tag(0x0008, 0x103e), "LO", "lower case");
  expected.add(Tag(0x0020, 0x0010), "SH", "5");
  expected.add(Tag(0x3006, 0x0002), "SH", "label");
  CHECK(bytes == expected.take());
}

TEST_CASE("values may be written as clients write them") {
  CHECK(value(R"({"vr":"US","Value":["512", 3.0]})") == numbers<uint16_t>({512, 3}));
  CHECK(value(R"({"vr":"SL","Value":["-1", "+7", 1e3]})") == numbers<int32_t>({-1, 7, 1000}));
  CHECK(value(R"({"vr":"FD","Value":["0.25", -1]})") == numbers<double>({0.25, -1}));
  CHECK(value(R"({"vr":"FD","Value":["Infinity", "-Infinity", "inf", "-inf"]})") ==
        numbers<double>({INFINITY, -INFINITY, INFINITY, -INFINITY}));
  CHECK(std::isnan([] {
    float number;
    std::memcpy(&number, value(R"({"vr":"FL","Value":[null, 1]})").data(), 4);
    return number;
  }()));
  CHECK(value(R"({"vr":"IS","Value":["12", 5, 6.0]})") == "12\\5\\6");
  CHECK(value(R"({"vr":"DS","Value":["1.50", 0.30000000000000004, 1e5]})") == "1.50\\0.3\\1e5");
  CHECK(value(R"({"vr":"LO","Value":[5, null]})") == "5\\");
  CHECK(value(R"({"vr":"LO","Value":"alone"})") == "alone ");
  CHECK(value(R"({"vr":"PN","Value":["Doe^Jane"]})") == "Doe^Jane");
  CHECK(value(R"({"vr":"PN","Value":"Doe^Jane"})") == "Doe^Jane");
  CHECK(value(R"({"vr":"PN","Value":[{"Phonetic":"x","Alphabetic":"a"},{},null]})") == "a==x\\\\");
  CHECK(value(R"({"vr":"PN","Value":[{"Alphabetic":"a","Ideographic":null}]})") == "a ");
  CHECK(value(R"({"vr":"LO","Value":[null]})").empty());
  CHECK(value(R"({"vr":"US","Value":[null]})").empty());
  CHECK(value(R"({"vr":"US","Value":[]})").empty());
  CHECK(value(R"({"vr":"US","Value":null})").empty());
  CHECK(value(R"({"vr":"OB","InlineBinary":"AAEC/w=="})") == "\0\1\2\xff"s);
  CHECK(value(R"({"vr":"OB","InlineBinary":["AAEC/w"]})") == "\0\1\2\xff"s);
  CHECK(value(R"({"vr":"OB","InlineBinary":"AAEC\r\n"})") == "\0\1\2\0"s);
  CHECK(value(R"({"vr":"OB","InlineBinary":null})").empty());
  CHECK(value(R"({"vr":"SQ"})").empty());
  CHECK(value(R"({"vr":"LO","Value":["a\t"]})") == "a\t");
}

TEST_CASE("numbers keep within what a Decimal String holds") {
  CHECK(value(R"({"vr":"DS","Value":[0.30000000000000004]})") == "0.3 ");
  CHECK(value(R"({"vr":"DS","Value":[-0.12345678901234567]})") == "-0.1234567890123"s.substr(0, 16));
  CHECK(value(R"({"vr":"DS","Value":[1.2345678901234567e-100]})").size() <= 16);
  CHECK(value(R"({"vr":"DS","Value":[1.500]})") == "1.500 ");
}

TEST_CASE("a missing or undecided VR is looked up") {
  DataSetWriter expected;
  expected.add(kPatientId, "LO", "7");
  expected.add(Tag(0x0028, 0x0106), "US", numbers<uint16_t>({3}));
  expected.add(Tag(0x0028, 0x0107), "SS", numbers<int16_t>({-3}));
  expected.add(Tag(0x0029, 0x0010), "LO", "SIEMENS CSA HEADER");
  expected.add(Tag(0x0029, 0x1008), "CS", "IMAGE NUM 4");
  expected.add(kPixelData, "OW", "\1\2");
  CHECK(one(R"({"00100020":{"Value":["7"]},"00280106":{"vr":"xs","Value":[3]},"00280107":{"vr":"US or SS","Value":[-3]},
               "00290010":{"Value":["SIEMENS CSA HEADER"]},"00291008":{"Value":["IMAGE NUM 4"]},
               "7FE00010":{"vr":"ox","InlineBinary":"AQI="}})") == expected.take());
}

TEST_CASE("text is stored as UTF-8, whatever the metadata says it was") {
  DataSetWriter expected;
  expected.add(kSpecificCharacterSet, "CS", "ISO_IR 192");
  expected.add(kPatientName, "PN", "Müller");
  CHECK(
      one(R"({"00080005":{"vr":"CS","Value":["ISO_IR 100"]},"00100010":{"vr":"PN","Value":[{"Alphabetic":"Müller"}]}})") ==
      std::vector(expected.bytes().begin(), expected.bytes().end()));
  CHECK(one(R"({"00100010":{"vr":"PN","Value":[{"Alphabetic":"M\u00fcller"}]}})") == expected.take());
  CHECK(DataSetView(one(R"({"00081140":{"vr":"SQ","Value":[{"0008103E":{"vr":"LO","Value":["ü"]}}]}})"))
            .text(kSpecificCharacterSet) == "ISO_IR 192");
}

TEST_CASE("file meta information and group lengths are no part of a data set") {
  const auto all =
      read(R"({"00020010":{"vr":"UI","Value":["1.2.840.10008.1.2.4.50"]},"00020002":{"vr":"UI","Value":["1"]},
                           "00080000":{"vr":"UL","Value":[4]}})");
  REQUIRE(all.size() == 1);
  CHECK(all.front().data_set.bytes.empty());
  CHECK(all.front().transfer_syntax_uid == "1.2.840.10008.1.2.4.50");
  CHECK(read(R"([{"00020010":{"vr":"UI","Value":["1.2"]}},{}])").back().transfer_syntax_uid.empty());
}

TEST_CASE("bulk data is noted at its place, and what encloses it has undefined length") {
  const auto all = read(R"({"00200013":{"vr":"IS","Value":[1]},"7FE00010":{"vr":"OW","BulkDataURI":"b/2"},
      "00880200":{"vr":"SQ","Value":[{"00280010":{"vr":"US","Value":[2]},"7FE00010":{"vr":"OB","BulkDataURI":["b/1"]}},{}]}})");
  REQUIRE(all.size() == 1);
  const auto& data_set = all.front().data_set;
  REQUIRE(data_set.references.size() == 2);
  CHECK(data_set.references[0].uri == "b/1");
  CHECK(data_set.references[0].vr == Vr("OB"));
  CHECK(data_set.references[1].uri == "b/2");
  CHECK(data_set.references[1].at == data_set.bytes.size());
  auto whole = data_set.bytes;
  DataSetWriter icon;
  icon.add(kPixelData, "OB", "\1\2");
  whole.insert(whole.begin() + static_cast<std::ptrdiff_t>(data_set.references[0].at), icon.bytes().begin(),
               icon.bytes().end());
  const auto sequence = DataSetView(whole).find(Tag(0x0088, 0x0200));
  REQUIRE(sequence);
  std::size_t items = 0;
  for (const auto item : sequence->items())
    if (items++ == 0) CHECK(item.find(kPixelData)->value.size() == 2);
  CHECK(items == 2);
}

TEST_CASE("nonsense is refused, and the message says where it is") {
  CHECK_THAT(failure(R"([{},{"00081140":{"vr":"SQ","Value":[{},{"00081155":{"vr":"UI","Value":[true]}}]}}])"),
             Catch::Contains("[1]/00081140/Value[1]/00081155"));
  CHECK_THAT(failure(R"({"PatientName":{"vr":"PN"}})"), Catch::Contains("hexadecimal"));
  CHECK_THAT(failure(R"({"0010001":{"vr":"PN"}})"), Catch::Contains("hexadecimal"));
  CHECK_THAT(failure(R"({"+0100010":{"vr":"PN"}})"), Catch::Contains("hexadecimal"));
  CHECK_THAT(failure(R"({"FFFEE000":{"vr":"UN"}})"), Catch::Contains("delimiters"));
  CHECK_THAT(failure(R"({"00100010":"Doe"})"), Catch::Contains("single value"));
  CHECK_THAT(failure(R"({"00100010":[]})"), Catch::Contains("array"));
  CHECK_THAT(failure(R"({"00100010":{"vr":5}})"), Catch::Contains("\"vr\""));
  CHECK_THAT(failure(R"({"00100010":{"vr":{}}})"), Catch::Contains("\"vr\""));
  CHECK_THAT(failure(R"({"00100010":{"vr":"ZZ","Value":["a"]}})"), Catch::Contains("no such Value Representation"));
  CHECK_THAT(failure(R"({"00100010":{"vr":"PN","Value":[["a"]]}})"), Catch::Contains("array"));
  CHECK_THAT(failure(R"({"00100010":{"vr":"PN","Value":[{"Alphabetic":5}]}})"), Catch::Contains("component"));
  CHECK_THAT(failure(R"({"00100020":{"vr":"LO","Value":[{"Alphabetic":"x"}]}})"), Catch::Contains("person name"));
  CHECK_THAT(failure(R"({"00100020":{"vr":"LO","Value":[{"00100020":{"vr":"LO"}}]}})"), Catch::Contains("sequence"));
  CHECK_THAT(failure(R"({"00081140":{"vr":"SQ","Value":["x"]}})"), Catch::Contains("item"));
  CHECK_THAT(failure(R"({"00280010":{"vr":"US","Value":[65536]}})"), Catch::Contains("out of range"));
  CHECK_THAT(failure(R"({"00280010":{"vr":"US","Value":[-1]}})"), Catch::Contains("out of range"));
  CHECK_THAT(failure(R"({"00280010":{"vr":"US","Value":[1.5]}})"), Catch::Contains("no such number"));
  CHECK_THAT(failure(R"({"00280010":{"vr":"US","Value":[1,null]}})"), Catch::Contains("value 2"));
  CHECK_THAT(failure(R"({"00280010":{"vr":"FL","Value":[1e300]}})"), Catch::Contains("out of range"));
  CHECK_THAT(failure(R"({"00280010":{"vr":"AT","Value":["0010"]}})"), Catch::Contains("AT"));
  CHECK_THAT(failure(R"({"00200013":{"vr":"IS","Value":[1.5]}})"), Catch::Contains("IS"));
  CHECK_THAT(failure(R"({"7FE00010":{"vr":"OW","Value":[1]}})"), Catch::Contains("InlineBinary"));
  CHECK_THAT(failure(R"({"7FE00010":{"vr":"OW","InlineBinary":"?"}})"), Catch::Contains("base64"));
  CHECK_THAT(failure(R"({"7FE00010":{"vr":"OW","InlineBinary":5}})"), Catch::Contains("no text"));
  CHECK_THAT(failure(R"({"7FE00010":{"vr":"OW","InlineBinary":["AA","AA"]}})"), Catch::Contains("more than one"));
  CHECK_THAT(failure(R"({"7FE00010":{"vr":"OW","InlineBinary":"AA","BulkDataURI":"x"}})"), Catch::Contains("only one"));
  CHECK_THAT(failure(R"({"7FE00010":{"vr":"OW","BulkDataURI":""}})"), Catch::Contains("empty"));
  CHECK_THAT(failure(R"({"00081140":{"vr":"SQ","BulkDataURI":"x"}})"), Catch::Contains("bulk"));
  CHECK_THAT(failure(R"({"00100020":{"vr":"LO"},"00100020":{"vr":"LO"}})"), Catch::Contains("twice"));
  CHECK_THAT(failure(R"({"00081140":{"vr":"SQ","Value":[{"00100020":{"vr":"LO"},"00100020":{"vr":"LO"}}]}})"),
             Catch::Contains("twice"));
  CHECK_THAT(failure("{\"00081030\":{\"vr\":\"LO\",\"Value\":[\"" + std::string(70000, 'x') + "\"]}}"),
             Catch::Contains("longer"));
}

TEST_CASE("what is no JSON is refused") {
  for (const char* text :
       {"", "[", "{", "[{}", "nonsense", "[{}]x", "{}{}", "\"text\"", "5", "[5]", "[[{}]]", "[null]",
        R"({"00100020":{"vr":"LO","Value":[NaN]}})", "{\"00100020\":{\"vr\":\"LO\",\"Value\":[\"\xff\"]}}",
        R"({"00100020":{"vr":"LO","Value":["a)"})
    CHECK_THAT(failure(text), Catch::Contains("DICOM JSON"));
}

TEST_CASE("depth has a limit") {
  const auto nested = [](int depth) {
    std::string text, end;
    for (int i = 0; i < depth; ++i) {
      text += R"({"00081140":{"vr":"SQ","Value":[)";
      end += "]}}";
    }
    return text + "{}" + end;
  };
  CHECK(failure(nested(60)) == "no failure");
  CHECK_THAT(failure(nested(100)), Catch::Contains("DICOM JSON"));
  CHECK_THAT(failure(std::string(100000, '[')), Catch::Contains("DICOM JSON"));
}
