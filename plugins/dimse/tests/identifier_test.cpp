#include "query-retrieve/identifier.hpp"

#include <dcmtk/config/osconfig.h>
#include <dcmtk/dcmdata/dcdeftag.h>

#include <catch2/catch.hpp>

#include "fermata/dcmtk.hpp"
#include "sample_files.hpp"

using namespace fermata;
using namespace fermata::dimse;
using namespace fermata::dimse::testing;
using dicom::DataSetView;
using dicom::DataSetWriter;
using dicom::Tag;

namespace {

using Bytes = std::vector<std::byte>;
constexpr const char* kSyntaxes[] = {"1.2.840.10008.1.2", "1.2.840.10008.1.2.1"};

Bytes named(std::string_view name) {
  DataSetWriter w;
  w.add(dicom::kPatientName, "PN", name);
  w.begin_sequence(Tag(0x0040, 0x0275));
  w.begin_item();
  w.add(Tag(0x0040, 0x0007), "LO", name);
  w.end();
  w.end();
  return w.take();
}

std::string character_set_of_answer(std::string_view name) {
  const auto answer = named(name);
  DataSetEncoder encoder("1.2.840.10008.1.2.1");
  return std::string(DataSetView(encoder.encode(DataSetView(answer))).text(dicom::kSpecificCharacterSet));
}

}  // namespace

TEST_CASE("every sample of a character set becomes the right text, and so does its answer in every transfer syntax") {
  if (pydicom_data().empty()) return;
  struct Sample {
    const char* file;
    const char* name;
    const char* answered_in;
  };
  const Sample samples[] = {
      {"chrArab.dcm", "قباني^لنزار", "ISO_IR 192"},
      {"chrFren.dcm", "Buc^Jérôme", "ISO_IR 100"},
      {"chrFrenMulti.dcm", "Buc^Jérôme", "ISO_IR 100"},
      {"chrGerm.dcm", "Äneas^Rüdiger", "ISO_IR 100"},
      {"chrGreek.dcm", "Διονυσιος", "ISO_IR 192"},
      {"chrH31.dcm", "Yamada^Tarou=山田^太郎=やまだ^たろう", "ISO_IR 192"},
      {"chrH32.dcm", "ﾔﾏﾀﾞ^ﾀﾛｳ=山田^太郎=やまだ^たろう", "ISO_IR 192"},
      {"chrHbrw.dcm", "שרון^דבורה", "ISO_IR 192"},
      {"chrI2.dcm", "Hong^Gildong=洪^吉洞=홍^길동", "ISO_IR 192"},
      {"chrJapMulti.dcm", "やまだ^たろう", "ISO_IR 192"},
      {"chrJapMultiExplicitIR6.dcm", "やまだ^たろう", "ISO_IR 192"},
      {"chrKoreanMulti.dcm", "김희중", "ISO_IR 192"},
      {"chrRuss.dcm", "Люкceмбypг", "ISO_IR 192"},
      {"chrX1.dcm", "Wang^XiaoDong=王^小東=", "ISO_IR 192"},
      {"chrX2.dcm", "Wang^XiaoDong=王^小东=", "ISO_IR 192"},
  };
  for (const auto& sample : samples) {
    INFO(sample.file);
    const auto file = Part10File::read(pydicom_data() / "charset_files" / sample.file);
    const auto decoded = decode_data_set(file.data_set, file.transfer_syntax);
    CHECK(DataSetView(decoded).text(dicom::kPatientName) == sample.name);
    // What a file of the sample holds beside the name is not the answer's business.
    const auto answer = named(sample.name);
    for (const char* syntax : kSyntaxes) {
      INFO(syntax);
      DataSetEncoder encoder(syntax);
      const auto wire = encoder.encode(DataSetView(answer));
      const auto again = decode_data_set(wire, syntax);
      CHECK(DataSetView(again).text(dicom::kPatientName) == sample.name);
      const auto sequence = DataSetView(again).find(Tag(0x0040, 0x0275));
      REQUIRE(sequence);
      for (const auto item : sequence->items()) CHECK(item.text(Tag(0x0040, 0x0007)) == sample.name);
    }
    CHECK(character_set_of_answer(sample.name) == sample.answered_in);
  }
}

TEST_CASE("answers without text beyond ASCII announce ISO_IR 100 too") {
  CHECK(character_set_of_answer("Doe^Jane") == "ISO_IR 100");
  CHECK(character_set_of_answer("") == "ISO_IR 100");
}

TEST_CASE("control characters of Latin-1 are no Latin-1") {
  CHECK(character_set_of_answer("\xc2\x85") == "ISO_IR 192");
}

TEST_CASE("fixed elements stand in their place, and replace the data set's own") {
  DataSetWriter w;
  w.add(dicom::kSpecificCharacterSet, "CS", "ISO_IR 192");
  w.add(dicom::kStudyDate, "DA", "20240102");
  w.add(dicom::kQueryRetrieveLevel, "CS", "wrong");
  w.add(dicom::kModality, "CS", "CT");
  DataSetEncoder encoder("1.2.840.10008.1.2.1");
  const std::vector<DataSetEncoder::Fixed> fixed{{dicom::kQueryRetrieveLevel, "CS", "STUDY"},
                                                 {dicom::kRetrieveAeTitle, "AE", "FERMATA"},
                                                 {dicom::kStudyInstanceUid, "UI", "1.2.3"}};
  const DataSetView out(encoder.encode(DataSetView(w.bytes()), fixed));
  std::vector<std::string> elements;
  for (const auto& element : out) elements.emplace_back(element.text());
  CHECK(elements == std::vector<std::string>{"ISO_IR 100", "20240102", "STUDY", "FERMATA", "CT", "1.2.3"});
}

TEST_CASE("identifiers with group lengths and undefined lengths are understood") {
  const std::string_view wire(
      "\x08\x00\x00\x00\x04\0\0\0\x0e\0\0\0"
      "\x08\x00\x52\x00\x06\0\0\0STUDY "
      "\x40\x00\x75\x02\xff\xff\xff\xff"
      "\xfe\xff\x00\xe0\xff\xff\xff\xff"
      "\x40\x00\x07\x00\x04\0\0\0Knee"
      "\xfe\xff\x0d\xe0\0\0\0\0"
      "\xfe\xff\xdd\xe0\0\0\0\0",
      70);
  const auto decoded = decode_data_set(std::as_bytes(std::span(wire)), "1.2.840.10008.1.2");
  const DataSetView view(decoded);
  CHECK_FALSE(view.find(Tag(0x0008, 0x0000)));
  CHECK(view.text(dicom::kQueryRetrieveLevel) == "STUDY");
  CHECK(view.find(Tag(0x0040, 0x0275))->value.size() == 8 + 12);
}

TEST_CASE("elements may come in any order") {
  const std::string_view wire(
      "\x20\x00\x0d\x00\x06\0\0\0001.2.3\0"
      "\x10\x00\x20\x00\x02\0\0\0P1"
      "\x08\x00\x52\x00\x06\0\0\0STUDY ",
      38);
  const auto decoded = decode_data_set(std::as_bytes(std::span(wire)), "1.2.840.10008.1.2");
  const DataSetView view(decoded);
  CHECK(view.text(dicom::kQueryRetrieveLevel) == "STUDY");
  CHECK(view.text(dicom::kPatientId) == "P1");
  CHECK(view.text(dicom::kStudyInstanceUid) == "1.2.3");
}

TEST_CASE("bytes that are no data set are invalid") {
  const std::string_view wire("nonsense, and more of it");
  for (const char* syntax : kSyntaxes) {
    INFO(syntax);
    CHECK_THROWS_AS(decode_data_set(std::as_bytes(std::span(wire)), syntax), Error);
  }
  for (const char* syntax : {"1.2.840.10008.1.2.2", "1.2.840.10008.1.2.1.99", "1.2.840.10008.1.2.4.90"})
    CHECK_THROWS_AS(decode_data_set({}, syntax), Error);
  CHECK(decode_data_set({}, "1.2.840.10008.1.2").empty());
}

TEST_CASE("DCMTK's data sets cross in canonical form, and come back") {
  DcmDataset data_set;
  data_set.putAndInsertString(DCM_SpecificCharacterSet, "ISO_IR 144");
  data_set.putAndInsertString(DCM_PatientName, "\xbb\xee\xda");
  data_set.putAndInsertUint16(DCM_Rows, 512);
  const auto bytes = from_dcmtk(data_set);
  CHECK(DataSetView(bytes).text(dicom::kSpecificCharacterSet) == "ISO_IR 192");
  CHECK(DataSetView(bytes).text(dicom::kPatientName) == "Люк");
  CHECK(DataSetView(bytes).find(Tag(0x0028, 0x0010))->number<uint16_t>() == 512);
  const auto back = to_dcmtk(bytes);
  OFString name;
  back->findAndGetOFString(DCM_PatientName, name);
  CHECK(std::string(name.c_str()) == "Люк");
  CHECK(from_dcmtk(*back) == bytes);
}
