#include <algorithm>
#include <catch2/catch.hpp>
#include <limits>

#include "fermata/dicom/data_set_writer.hpp"
#include "fermata/dicom/json_writer.hpp"

using namespace fermata;
using namespace fermata::dicom;
using namespace std::string_literals;

namespace {

std::string json_of(std::span<const std::byte> data_set, std::span<const fermata_bulk_value> bulk = {},
                    const JsonWriter::BulkUri& uri = {}) {
  std::string text;
  JsonWriter writer([&](std::string_view piece) { text += piece; }, 16);
  writer.write(DataSetView(data_set), bulk, uri);
  writer.flush();
  return text;
}

/// The attribute object of one element, from its "vr" on.
std::string attribute(Vr vr, std::string_view value) {
  DataSetWriter data_set;
  data_set.add(Tag(0x0009, 0x1001), vr, value);
  const auto text = json_of(data_set.bytes());
  constexpr std::string_view before = "{\"00091001\":{";
  REQUIRE(text.starts_with(before));
  REQUIRE(text.ends_with("}}"));
  return text.substr(before.size(), text.size() - before.size() - 2);
}

template <class Number>
std::string numbers(Vr vr, std::initializer_list<Number> values) {
  const std::string_view bytes(reinterpret_cast<const char*>(values.begin()), values.size() * sizeof(Number));
  return attribute(vr, bytes);
}

fermata_bulk_value bulk_value(Tag tag, const char (&vr)[3]) { return {tag.value, {vr[0], vr[1]}, 0, 0, 0}; }

}  // namespace

TEST_CASE("attributes are written in order, named by their tags") {
  DataSetWriter data_set;
  data_set.add_u32(Tag(0x0008, 0x0000), 100);
  data_set.add(Tag(0x0008, 0x0005), "CS", "ISO_IR 192");
  data_set.add(Tag(0x0020, 0x000d), "UI", "1.2.3");
  data_set.add(Tag(0x7fdf, 0x10ab), "LO", "private");
  CHECK(json_of(data_set.bytes()) ==
        R"({"00080005":{"vr":"CS","Value":["ISO_IR 192"]},"0020000D":{"vr":"UI","Value":["1.2.3"]},)"
        R"("7FDF10AB":{"vr":"LO","Value":["private"]}})");
  CHECK(json_of({}) == "{}");
}

TEST_CASE("several data sets make an array") {
  DataSetWriter data_set;
  data_set.add(Tag(0x0020, 0x0013), "IS", "7");
  std::string text;
  JsonWriter writer([&](std::string_view piece) { text += piece; });
  writer.begin_array();
  writer.write(DataSetView(data_set.bytes()));
  writer.write(DataSetView{});
  writer.end_array();
  writer.flush();
  CHECK(text == R"([{"00200013":{"vr":"IS","Value":[7]}},{}])");
}

TEST_CASE("an array of nothing is an array") {
  std::string text;
  JsonWriter writer([&](std::string_view piece) { text += piece; });
  writer.begin_array();
  writer.end_array();
  writer.flush();
  CHECK(text == "[]");
}

TEST_CASE("text goes out in pieces while it is written") {
  DataSetWriter data_set;
  for (uint16_t i = 1; i < 100; ++i) data_set.add(Tag(0x0009, i), "LO", std::string(60, 'x'));
  std::size_t pieces = 0, largest = 0, total = 0;
  JsonWriter writer(
      [&](std::string_view piece) {
        ++pieces;
        largest = std::max(largest, piece.size());
        total += piece.size();
      },
      1000);
  writer.write(DataSetView(data_set.bytes()));
  writer.flush();
  CHECK(pieces > 5);
  CHECK(largest < 1200);
  CHECK(total == json_of(data_set.bytes()).size());
}

TEST_CASE("a long binary value goes out in pieces") {
  for (const std::size_t length : {2999, 3000, 3001, 30000}) {
    const std::string value(length, 'a');
    DataSetWriter data_set;
    data_set.add(Tag(0x0009, 0x1001), "OB", value);
    std::size_t largest = 0;
    std::string text;
    JsonWriter writer(
        [&](std::string_view piece) {
          largest = std::max(largest, piece.size());
          text += piece;
        },
        1000);
    writer.write(DataSetView(data_set.bytes()));
    writer.flush();
    CHECK(largest < 1200);
    std::string expected = R"({"00091001":{"vr":"OB","InlineBinary":")";
    json::append_base64(expected, DataSetView(data_set.bytes()).find(Tag(0x0009, 0x1001))->value);
    CHECK(text == expected + R"("}})");
  }
}

TEST_CASE("empty values are left out") {
  for (const char* vr :
       {"AE", "AS", "AT", "CS", "DA", "DS", "DT", "FL", "FD", "IS", "LO", "LT", "OB", "OD", "OF", "OL", "OV",
        "OW", "PN", "SH", "SL", "SQ", "SS", "ST", "SV", "TM", "UC", "UI", "UL", "UN", "UR", "US", "UT", "UV"})
    CHECK(attribute(Vr(vr[0], vr[1]), "") == "\"vr\":\""s + vr + "\"");
  CHECK(attribute("LO", "    ") == R"("vr":"LO")");
  CHECK(attribute("UT", "    ") == R"("vr":"UT")");
}

TEST_CASE("an empty one among several values is null") {
  CHECK(attribute("CS", "ORIGINAL\\\\AXIAL") == R"("vr":"CS","Value":["ORIGINAL",null,"AXIAL"])");
  CHECK(attribute("DS", "\\2") == R"("vr":"DS","Value":[null,2])");
  CHECK(attribute("IS", "1\\") == R"("vr":"IS","Value":[1,null])");
  CHECK(attribute("PN", "A\\\\B") == R"("vr":"PN","Value":[{"Alphabetic":"A"},null,{"Alphabetic":"B"}])");
}

TEST_CASE("padding is left out, spaces that mean something stay") {
  CHECK(attribute("UI", "1.2.3\0"s) == R"("vr":"UI","Value":["1.2.3"])");
  CHECK(attribute("UI", "1.2\0\\1.3"s) == R"("vr":"UI","Value":["1.2","1.3"])");
  CHECK(attribute("CS", " A \\ B ") == R"("vr":"CS","Value":["A","B"])");
  CHECK(attribute("LO", " left ") == R"("vr":"LO","Value":["left"])");
  CHECK(attribute("LT", "  indented  ") == R"("vr":"LT","Value":["  indented"])");
  CHECK(attribute("UC", " a \\ b") == R"("vr":"UC","Value":[" a"," b"])");
}

TEST_CASE("a backslash separates values only where there may be several") {
  for (const char* vr : {"LT", "ST", "UT", "UR"})
    CHECK(attribute(Vr(vr[0], vr[1]), "a\\b") == "\"vr\":\""s + vr + R"(","Value":["a\\b"])");
  for (const char* vr : {"AE", "AS", "CS", "DA", "DT", "LO", "SH", "TM", "UC", "UI"})
    CHECK(attribute(Vr(vr[0], vr[1]), "a\\b") == "\"vr\":\""s + vr + R"(","Value":["a","b"])");
}

TEST_CASE("a person name is written by component groups") {
  CHECK(attribute("PN", "Doe^Jane") == R"("vr":"PN","Value":[{"Alphabetic":"Doe^Jane"}])");
  CHECK(attribute("PN", "Yamada^Tarou=山田^太郎=やまだ^たろう") ==
        R"("vr":"PN","Value":[{"Alphabetic":"Yamada^Tarou","Ideographic":"山田^太郎","Phonetic":"やまだ^たろう"}])");
  CHECK(attribute("PN", "=山田^太郎") == R"("vr":"PN","Value":[{"Ideographic":"山田^太郎"}])");
  CHECK(attribute("PN", "==やまだ") == R"("vr":"PN","Value":[{"Phonetic":"やまだ"}])");
  CHECK(attribute("PN", "a=b=c=d") == R"("vr":"PN","Value":[{"Alphabetic":"a","Ideographic":"b","Phonetic":"c"}])");
  CHECK(attribute("PN", "==") == R"("vr":"PN","Value":[{}])");
}

TEST_CASE("numbers in characters keep their digits") {
  const auto decimal = [](std::string_view text) {
    const auto whole = attribute("DS", text);
    constexpr std::string_view before = R"("vr":"DS","Value":[)";
    REQUIRE(whole.starts_with(before));
    return whole.substr(before.size(), whole.size() - before.size() - 1);
  };
  CHECK(decimal("1.50") == "1.50");
  CHECK(decimal(" 12 ") == "12");
  CHECK(decimal("+5") == "5");
  CHECK(decimal("-0005") == "-5");
  CHECK(decimal("000") == "0");
  CHECK(decimal(".5") == "0.5");
  CHECK(decimal("-.5") == "-0.5");
  CHECK(decimal("+00.250") == "0.250");
  CHECK(decimal("5.") == "5");
  CHECK(decimal("5.E3") == "5E3");
  CHECK(decimal("1e-05") == "1e-05");
  CHECK(decimal("1E+10") == "1E+10");
  CHECK(decimal("0.3333333333333333") == "0.3333333333333333");
}

TEST_CASE("characters that are no number become a string") {
  for (const char* text : {"abc", "1,5", "1.2.3", "-", "+", ".", "e5", "1e", "1e+", "0x10", "1 2", "NaN", "Infinity",
                           "--1", "1-", "1e999", "9999999999999999"})
    CHECK(attribute("DS", text) == R"("vr":"DS","Value":[")"s + text + "\"]");
  CHECK(attribute("IS", "a\"b") == R"("vr":"IS","Value":["a\"b"])");
}

TEST_CASE("binary numbers are JSON numbers") {
  CHECK(numbers<uint16_t>("US", {0, 65535}) == R"("vr":"US","Value":[0,65535])");
  CHECK(numbers<int16_t>("SS", {-32768, 32767}) == R"("vr":"SS","Value":[-32768,32767])");
  CHECK(numbers<uint32_t>("UL", {4294967295u}) == R"("vr":"UL","Value":[4294967295])");
  CHECK(numbers<int32_t>("SL", {-2147483647 - 1}) == R"("vr":"SL","Value":[-2147483648])");
  CHECK(numbers<float>("FL", {0.1f, -1e20f, 0.f}) == R"("vr":"FL","Value":[0.1,-1e+20,0])");
  CHECK(numbers<double>("FD", {0.1, 1.7976931348623157e308}) == R"("vr":"FD","Value":[0.1,1.7976931348623157e+308])");
  const uint16_t tags[] = {0x0018, 0x00ff, 0x7fe0, 0x0010};
  CHECK(attribute("AT", {reinterpret_cast<const char*>(tags), 8}) == R"("vr":"AT","Value":["001800FF","7FE00010"])");
}

TEST_CASE("numbers that JSON can't say become strings") {
  constexpr auto infinity = std::numeric_limits<double>::infinity();
  CHECK(numbers<double>("FD", {infinity, -infinity, std::numeric_limits<double>::quiet_NaN(), 1}) ==
        R"("vr":"FD","Value":["Infinity","-Infinity","NaN",1])");
  CHECK(numbers<float>("FL", {std::numeric_limits<float>::quiet_NaN()}) == R"("vr":"FL","Value":["NaN"])");
  CHECK(numbers<uint64_t>("UV", {9007199254740992u, 9007199254740993u, UINT64_MAX}) ==
        R"("vr":"UV","Value":[9007199254740992,"9007199254740993","18446744073709551615"])");
  CHECK(numbers<int64_t>("SV", {-9007199254740992, INT64_MIN, INT64_MAX}) ==
        R"("vr":"SV","Value":[-9007199254740992,"-9223372036854775808","9223372036854775807"])");
}

TEST_CASE("a binary value of an odd length gives the whole numbers in it") {
  CHECK(attribute("UL", "\1\0\0\0\2\0"s) == R"("vr":"UL","Value":[1])");
  CHECK(attribute("FD", "\1\0"s) == R"("vr":"FD")");
}

TEST_CASE("binary values are base64") {
  for (const char* vr : {"OB", "OD", "OF", "OL", "OV", "OW", "UN"})
    CHECK(attribute(Vr(vr[0], vr[1]), "\0\1\2\xff"s) == "\"vr\":\""s + vr + R"(","InlineBinary":"AAEC/w==")");
  CHECK(attribute("OB", "abcdef") == R"("vr":"OB","InlineBinary":"YWJjZGVm")");
  CHECK(attribute("OB", "abcdefgh") == R"("vr":"OB","InlineBinary":"YWJjZGVmZ2g=")");
}

TEST_CASE("a Value Representation nobody knows is UN") {
  CHECK(attribute("ZZ", "ab") == R"("vr":"UN","InlineBinary":"YWI=")");
  CHECK(attribute(Vr('"', '\\'), "ab") == R"("vr":"UN","InlineBinary":"YWI=")");
}

TEST_CASE("sequences nest, and empty items are empty objects") {
  DataSetWriter data_set;
  data_set.begin_sequence(Tag(0x0040, 0x0275));
  data_set.begin_item();
  data_set.add(Tag(0x0040, 0x0007), "LO", "Knee");
  data_set.begin_sequence(Tag(0x0040, 0x0008));
  data_set.begin_item();
  data_set.end();
  data_set.end();
  data_set.end();
  data_set.begin_item();
  data_set.end();
  data_set.end();
  CHECK(json_of(data_set.bytes()) == R"({"00400275":{"vr":"SQ","Value":[{"00400007":{"vr":"LO","Value":["Knee"]},)"
                                     R"("00400008":{"vr":"SQ","Value":[{}]}},{}]}})");
}

TEST_CASE("nesting without end is refused") {
  DataSetWriter data_set;
  for (int i = 0; i < 200; ++i) {
    data_set.begin_sequence(Tag(0x0040, 0x0275));
    data_set.begin_item();
  }
  for (int i = 0; i < 400; ++i) data_set.end();
  CHECK_THROWS_AS(json_of(data_set.bytes()), Error);
}

TEST_CASE("what is left out of a header is written as a reference at its place") {
  DataSetWriter data_set;
  data_set.add_u16(Tag(0x0028, 0x0010), 2);
  data_set.add(Tag(0x0042, 0x0012), "LO", "application/pdf");
  const std::array bulk{bulk_value(Tag(0x0028, 0x1201), "OW"), bulk_value(Tag(0x0042, 0x0011), "OB"),
                        bulk_value(kPixelData, "OW")};
  const auto uri = [](std::string& to, const fermata_bulk_value& value) { to += "../" + std::to_string(value.tag); };
  CHECK(json_of(data_set.bytes(), bulk, uri) ==
        R"({"00280010":{"vr":"US","Value":[2]},"00281201":{"vr":"OW","BulkDataURI":"../2626049"},)"
        R"("00420011":{"vr":"OB","BulkDataURI":"../4325393"},)"
        R"("00420012":{"vr":"LO","Value":["application/pdf"]},"7FE00010":{"vr":"OW","BulkDataURI":"../2145386512"}})");
  CHECK(json_of({}, std::span(bulk).last(1)) == R"({"7FE00010":{"vr":"OW"}})");
}

TEST_CASE("control characters and quotes are escaped") {
  CHECK(attribute("LT", "a\"b\\c\r\n\t\f\b\x1b\x01\x7f") ==
        "\"vr\":\"LT\",\"Value\":[\"a\\\"b\\\\c\\r\\n\\t\\f\\b\\u001b\\u0001\x7f\"]");
  CHECK(attribute("LO", "a\0b"s) == R"("vr":"LO","Value":["a\u0000b"])");
}

TEST_CASE("what is no UTF-8 is replaced, what is stays") {
  const auto text = [](std::string_view value) {
    std::string to;
    json::append_string(to, value);
    return to;
  };
  CHECK(text("Grüße, 山田, 😀") == "\"Grüße, 山田, 😀\"");
  CHECK(text("\xfc") == "\"\xef\xbf\xbd\"");
  CHECK(text("a\xe5\xb1") == "\"a\xef\xbf\xbd\xef\xbf\xbd\"");                                // cut short
  CHECK(text("\xc0\xaf") == "\"\xef\xbf\xbd\xef\xbf\xbd\"");                                  // overlong
  CHECK(text("\xe0\x9f\xbf") == "\"\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\"");                  // overlong
  CHECK(text("\xed\xa0\x80") == "\"\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\"");                  // surrogate
  CHECK(text("\xf4\x90\x80\x80") == "\"\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\"");  // beyond U+10FFFF
  CHECK(text("\xf0\x8f\xbf\xbf") == "\"\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\"");  // overlong
}
