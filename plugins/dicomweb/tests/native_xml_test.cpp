#include <catch2/catch.hpp>
#include <cmath>
#include <string>

#include "fermata/dicom/data_set_writer.hpp"
#include "retrieve/native_xml_writer.hpp"
#include "store/native_xml_reader.hpp"

using namespace fermata;
using namespace fermata::dicom;
using namespace fermata::dicomweb;
using namespace std::string_literals;

namespace {

constexpr std::string_view kBefore =
    "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
    "<NativeDicomModel xmlns=\"http://dicom.nema.org/PS3.19/models/NativeDICOM\" xml:space=\"preserve\">";
constexpr std::string_view kAfter = "</NativeDicomModel>";

const AttributeDictionary& dictionary() {
  static const AttributeDictionary loaded;
  return loaded;
}

std::string xml_of(std::span<const std::byte> data_set, std::span<const BulkValue> bulk = {},
                   const NativeXmlWriter::BulkUri& uri = {}) {
  std::string text;
  NativeXmlWriter writer(
      dictionary(), [&](std::string_view piece) { text += piece; }, 16);
  writer.write(DataSetView(data_set), bulk, uri);
  writer.flush();
  REQUIRE(text.starts_with(kBefore));
  REQUIRE(text.ends_with(kAfter));
  return text.substr(kBefore.size(), text.size() - kBefore.size() - kAfter.size());
}

std::string attribute(Tag tag, Vr vr, std::string_view value) {
  DataSetWriter data_set;
  data_set.add(tag, vr, value);
  return xml_of(data_set.bytes());
}

Metadata read(std::string_view text, std::size_t piece = SIZE_MAX) {
  NativeXmlReader reader(dictionary());
  for (; !text.empty(); text.remove_prefix(std::min(piece, text.size()))) reader.feed(text.substr(0, piece));
  return reader.finish();
}

Metadata read_content(std::string_view content) {
  return read(std::string(kBefore) + std::string(content) + std::string(kAfter));
}

std::string failure(std::string_view document) {
  try {
    read(document);
  } catch (const Error& error) {
    CHECK(error.code() == Code::invalid);
    return error.what();
  }
  return "no failure";
}

std::string content_failure(std::string_view content) {
  return failure(std::string(kBefore) + std::string(content) + std::string(kAfter));
}

template <class Number>
std::string numbers(std::initializer_list<Number> values) {
  return {reinterpret_cast<const char*>(values.begin()), values.size() * sizeof(Number)};
}

}  // namespace

TEST_CASE("attributes are written as elements with tag, VR and keyword") {
  CHECK(attribute(Tag(0x0008, 0x0008), "CS", "ORIGINAL\\\\AXIAL") ==
        "<DicomAttribute tag=\"00080008\" vr=\"CS\" keyword=\"ImageType\"><Value number=\"1\">ORIGINAL</Value>"
        "<Value number=\"2\"></Value><Value number=\"3\">AXIAL</Value></DicomAttribute>");
  CHECK(attribute(Tag(0x0008, 0x1030), "LO", "") ==
        "<DicomAttribute tag=\"00081030\" vr=\"LO\" keyword=\"StudyDescription\"></DicomAttribute>");
  CHECK(attribute(Tag(0x0010, 0x4000), "LT", "a\\b\r\n<&>\"\x1b") ==
        "<DicomAttribute tag=\"00104000\" vr=\"LT\" keyword=\"PatientComments\"><Value number=\"1\">a\\b&#13;&#10;"
        "&lt;&amp;&gt;&quot;\xef\xbf\xbd</Value></DicomAttribute>");
  CHECK(attribute(Tag(0x0028, 0x0010), "US", numbers<uint16_t>({512})) ==
        "<DicomAttribute tag=\"00280010\" vr=\"US\" keyword=\"Rows\"><Value number=\"1\">512</Value></DicomAttribute>");
  CHECK(attribute(Tag(0x0011, 0x1001), "OB", "\1\2") ==
        "<DicomAttribute tag=\"00111001\" vr=\"OB\"><InlineBinary>AQI=</InlineBinary></DicomAttribute>");
}

TEST_CASE("person names are written by groups and components") {
  CHECK(attribute(kPatientName, "PN", "Yamada^Tarou=山田^太郎=\\A^B^C^D^E") ==
        "<DicomAttribute tag=\"00100010\" vr=\"PN\" keyword=\"PatientName\"><PersonName number=\"1\"><Alphabetic>"
        "<FamilyName>Yamada</FamilyName><GivenName>Tarou</GivenName></Alphabetic><Ideographic><FamilyName>山田"
        "</FamilyName><GivenName>太郎</GivenName></Ideographic></PersonName><PersonName number=\"2\"><Alphabetic>"
        "<FamilyName>A</FamilyName><GivenName>B</GivenName><MiddleName>C</MiddleName><NamePrefix>D</NamePrefix>"
        "<NameSuffix>E</NameSuffix></Alphabetic></PersonName></DicomAttribute>");
}

TEST_CASE("private attributes are named by their creator") {
  DataSetWriter data_set;
  data_set.add(Tag(0x0029, 0x0011), "LO", "ACME \"1\"");
  data_set.add(Tag(0x0029, 0x1105), "LO", "x");
  data_set.add(Tag(0x0029, 0x1205), "LO", "y");
  CHECK(xml_of(data_set.bytes()) ==
        "<DicomAttribute tag=\"00290011\" vr=\"LO\"><Value number=\"1\">ACME &quot;1&quot;</Value></DicomAttribute>"
        "<DicomAttribute tag=\"00290005\" vr=\"LO\" privateCreator=\"ACME &quot;1&quot;\"><Value number=\"1\">x"
        "</Value></DicomAttribute><DicomAttribute tag=\"00291205\" vr=\"LO\"><Value number=\"1\">y</Value>"
        "</DicomAttribute>");
}

TEST_CASE("bulk data is written as a reference at its place in XML") {
  DataSetWriter data_set;
  data_set.add(Tag(0x0042, 0x0012), "LO", "application/pdf");
  const BulkValue bulk[] = {{0x00420011, {'O', 'B'}, 0, 0, 0}, {kPixelData.value, {'O', 'W'}, 0, 0, 0}};
  const auto uri = [](std::string& to, const BulkValue& value) { to += "a?b&c/" + std::to_string(value.tag); };
  CHECK(xml_of(data_set.bytes(), bulk, uri) ==
        "<DicomAttribute tag=\"00420011\" vr=\"OB\" keyword=\"EncapsulatedDocument\"><BulkData uri=\"a?b&amp;c/4325393"
        "\"/></DicomAttribute><DicomAttribute tag=\"00420012\" vr=\"LO\" keyword=\"MIMETypeOfEncapsulatedDocument\">"
        "<Value number=\"1\">application/pdf</Value></DicomAttribute><DicomAttribute tag=\"7FE00010\" vr=\"OW\" "
        "keyword=\"PixelData\"><BulkData uri=\"a?b&amp;c/2145386512\"/></DicomAttribute>");
}

TEST_CASE("what the writer writes as XML, the reader reads, in pieces of any size") {
  DataSetWriter data_set;
  data_set.add(kSpecificCharacterSet, "CS", "ISO_IR 192");
  data_set.add(Tag(0x0008, 0x0008), "CS", "ORIGINAL\\\\AXIAL");
  data_set.begin_sequence(Tag(0x0008, 0x1140));
  data_set.begin_item();
  data_set.add(Tag(0x0008, 0x1155), "UI", "1.2.3");
  data_set.begin_sequence(Tag(0x0040, 0xa170));
  data_set.end();
  data_set.end();
  data_set.begin_item();
  data_set.end();
  data_set.end();
  data_set.add(kPatientName, "PN", "Yamada^Tarou=山田^太郎=やまだ^^たろう\\Doe");
  data_set.add(Tag(0x0018, 0x0050), "DS", "0.500\\-1e5");
  data_set.add(Tag(0x0018, 0x605a), "FL", numbers<float>({0.1f, -3e30f, INFINITY, -INFINITY}));
  data_set.add(Tag(0x0020, 0x9165), "AT", numbers<uint16_t>({0x0018, 0x0050}));
  data_set.add(Tag(0x0028, 0x0010), "US", numbers<uint16_t>({512}));
  data_set.add(Tag(0x0029, 0x0011), "LO", "ACME");
  data_set.add(Tag(0x0029, 0x1105), "SL", numbers<int32_t>({-5, 5}));
  data_set.add(Tag(0x0040, 0x0254), "LO", "Übersicht <quer>");
  data_set.add(Tag(0x0040, 0xa160), "UT", " two\r\nlines \\ one value");
  data_set.add(Tag(0x0072, 0x0082), "SV", numbers<int64_t>({INT64_MIN, 5}));
  data_set.add(Tag(0x0072, 0x0083), "UV", numbers<uint64_t>({UINT64_MAX}));
  data_set.add(Tag(0x7fe0, 0x0010), "OW", "\1\2\3\4\5\6");
  const auto expected = data_set.take();
  const auto text = std::string(kBefore) + xml_of(expected) + std::string(kAfter);
  for (std::size_t piece = 1; piece < text.size() + 2; piece += piece < 20 ? 1 : 37)
    CHECK(read(text, piece).data_set.bytes == expected);
}

TEST_CASE("private attributes without a block get one") {
  DataSetWriter expected;
  expected.add(Tag(0x0029, 0x0010), "LO", "OTHER");
  expected.add(Tag(0x0029, 0x0011), "LO", "ACME");
  expected.add(Tag(0x0029, 0x1003), "LO", "z");
  expected.add(Tag(0x0029, 0x1101), "LO", "x");
  expected.begin_sequence(Tag(0x0029, 0x1102));
  expected.end();
  const auto metadata = read_content(
      "<DicomAttribute tag=\"00290001\" vr=\"LO\" privateCreator=\"ACME\"><Value>x</Value></DicomAttribute>"
      "<DicomAttribute tag=\"00290002\" vr=\"SQ\" privateCreator=\"ACME\"/>"
      "<DicomAttribute tag=\"00290003\" vr=\"LO\" privateCreator=\"OTHER\"><Value>z</Value></DicomAttribute>"
      "<DicomAttribute tag=\"00290004\" vr=\"OB\" privateCreator=\"ACME\"><BulkData uri=\"u\"/></DicomAttribute>"
      "<DicomAttribute tag=\"00290010\" vr=\"LO\"><Value>OTHER</Value></DicomAttribute>");
  CHECK(metadata.data_set.bytes == expected.take());
  REQUIRE(metadata.data_set.references.size() == 1);
  CHECK(metadata.data_set.references[0].tag == Tag(0x0029, 0x1104));
}

TEST_CASE("XML of other writers is read") {
  const auto metadata = read_content(
      "<DicomAttribute keyword=\"PatientID\" vr=\"LO\"><Value number=\"1\">7</Value></DicomAttribute>\n"
      "<DicomAttribute tag=\"00020010\" vr=\"UI\"><Value number=\"1\">1.2.840.10008.1.2.5</Value></DicomAttribute>\n"
      "<DicomAttribute tag=\"00080008\"><Value number=\"3\">AXIAL</Value></DicomAttribute><Other><x/>y</Other>\n"
      "<n:DicomAttribute tag=\"00091101\" vr=\"UN\" privateCreator=\"A\"><InlineBinary>\nAQI=\n</InlineBinary>"
      "</n:DicomAttribute>"
      "<DicomAttribute tag=\"00090011\" vr=\"LO\"><Value number=\"1\">A</Value></DicomAttribute>"
      "<DicomAttribute tag=\"7FE00010\" vr=\"OW\"><BulkData uuid=\"1-2\"/></DicomAttribute>");
  DataSetWriter expected;
  expected.add(Tag(0x0008, 0x0008), "CS", "\\\\AXIAL");
  expected.add(Tag(0x0009, 0x0011), "LO", "A");
  expected.add(Tag(0x0009, 0x1101), "UN", "\1\2");
  expected.add(kPatientId, "LO", "7");
  CHECK(metadata.data_set.bytes == expected.take());
  CHECK(metadata.transfer_syntax_uid == "1.2.840.10008.1.2.5");
  REQUIRE(metadata.data_set.references.size() == 1);
  CHECK(metadata.data_set.references[0].uri == "1-2");
  CHECK(
      read(
          "<?xml version=\"1.0\" encoding=\"ISO-8859-1\"?><NativeDicomModel><DicomAttribute tag=\"00100020\" vr=\"LO\">"
          "<Value>\xfc</Value></DicomAttribute></NativeDicomModel>")
          .data_set.ascii == false);
}

TEST_CASE("document types are refused, and with them all entities") {
  CHECK_THAT(failure("<!DOCTYPE NativeDicomModel [<!ENTITY a \"b\">]><NativeDicomModel/>"), Catch::Contains("DTD"));
  CHECK_THAT(failure("<!DOCTYPE x SYSTEM \"file:///etc/passwd\"><NativeDicomModel/>"), Catch::Contains("DTD"));
  CHECK_THAT(content_failure("&a;"), Catch::Contains("DICOM XML"));
}

TEST_CASE("nonsense in XML is refused, and the message says where it is") {
  CHECK_THAT(content_failure("<DicomAttribute tag=\"00081140\" vr=\"SQ\"><Item number=\"1\"/><Item number=\"2\">"
                             "<DicomAttribute tag=\"00280010\" vr=\"US\"><Value number=\"1\">x</Value></DicomAttribute>"
                             "</Item></DicomAttribute>"),
             Catch::Contains("00081140/Item 2/00280010"));
  CHECK_THAT(content_failure("<DicomAttribute tag=\"x\" vr=\"US\"/>"), Catch::Contains("hexadecimal"));
  CHECK_THAT(content_failure("<DicomAttribute keyword=\"Nothing\" vr=\"US\"/>"), Catch::Contains("hexadecimal"));
  CHECK_THAT(content_failure("<DicomAttribute tag=\"FFFEE000\" vr=\"US\"/>"), Catch::Contains("delimiters"));
  CHECK_THAT(content_failure("<DicomAttribute tag=\"00080008\" vr=\"CS\"><Value number=\"1\"/><Value number=\"1\"/>"
                             "</DicomAttribute>"),
             Catch::Contains("number"));
  CHECK_THAT(
      content_failure("<DicomAttribute tag=\"00080008\" vr=\"CS\"><Value number=\"99999999999\"/></DicomAttribute>"),
      Catch::Contains("number"));
  CHECK_THAT(content_failure("<DicomAttribute tag=\"00080008\" vr=\"CS\"><Value><x/></Value></DicomAttribute>"),
             Catch::Contains("text"));
  CHECK_THAT(content_failure("<DicomAttribute tag=\"00080008\" vr=\"OB\"><BulkData uri=\"a\"/><BulkData uri=\"b\"/>"
                             "</DicomAttribute>"),
             Catch::Contains("more than one"));
  CHECK_THAT(content_failure("<DicomAttribute tag=\"00080008\" vr=\"OB\"><BulkData/></DicomAttribute>"),
             Catch::Contains("empty"));
  CHECK_THAT(
      content_failure("<DicomAttribute tag=\"00080008\" vr=\"CS\"/><DicomAttribute tag=\"00080008\" vr=\"CS\"/>"),
      Catch::Contains("twice"));
  for (const char* document : {"", "<", "<a/>", "nonsense", "<NativeDicomModel>", "<NativeDicomModel/><x/>",
                               "<NativeDicomModel>\xff</NativeDicomModel>"})
    CHECK_THAT(failure(document), Catch::Contains("DICOM XML"));
}

TEST_CASE("depth in XML has a limit") {
  const auto nested = [](int depth) {
    std::string text, end;
    for (int i = 0; i < depth; ++i) {
      text += "<DicomAttribute tag=\"00081140\" vr=\"SQ\"><Item>";
      end += "</Item></DicomAttribute>";
    }
    return text + end;
  };
  CHECK(content_failure(nested(60)) == "no failure");
  CHECK_THAT(content_failure(nested(70)), Catch::Contains("too deeply"));
}
