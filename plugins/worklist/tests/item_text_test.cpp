#include "item_text.hpp"

#include <catch2/catch.hpp>

#include "attribute_names.hpp"
#include "samples.hpp"

using namespace fermata;
using namespace fermata::worklist;
using namespace fermata::worklist::testing;

namespace {

EditableDataSet only(const std::string& text) {
  const auto requests = requests_from_text(text);
  REQUIRE(requests.size() == 1);
  return EditableDataSet(dicom::DataSetView(requests[0]));
}
std::string problem(const std::string& text) {
  try {
    requests_from_text(text);
  } catch (const Error& error) {
    return error.what();
  }
  return {};
}

}  // namespace

TEST_CASE("attributes are known by keyword and by tag") {
  CHECK(attribute_named("PatientName")->tag == dicom::kPatientName);
  CHECK(attribute_named("PatientName")->vr == dicom::Vr("PN"));
  for (const auto* tag : {"00100010", "(0010,0010)", "0010,0010"})
    CHECK(attribute_named(tag)->tag == dicom::kPatientName);
  CHECK_FALSE(attribute_named("PatientNam"));
  CHECK_FALSE(attribute_named("00100"));
  CHECK_FALSE(attribute_named(""));
}

TEST_CASE("a plain file becomes a request, with the attributes of the step in their place") {
  const auto request = only(R"(
PatientName: "Yamada^Tarou=山田^太郎=やまだ^たろう"
PatientID: 4711
PatientBirthDate: 1970-01-31
AccessionNumber:
Modality: CT
ScheduledStationAETitle: [CT1, CT2]
ScheduledProcedureStepStartDate: 20240131
ScheduledProcedureStepStartTime: 08:15
PregnancyStatus: 4
)");
  CHECK(request.text(dicom::kPatientName) == "Yamada^Tarou=山田^太郎=やまだ^たろう");
  CHECK(request.text(dicom::kPatientId) == "4711");
  CHECK(request.text(dicom::kPatientBirthDate) == "19700131");
  CHECK(request.has(dicom::kAccessionNumber));
  CHECK_FALSE(request.has(dicom::kModality));
  const auto bytes = request.bytes();
  CHECK(dicom::DataSetView(bytes).find(Tag(0x0010, 0x21c0))->number<uint16_t>() == 4);
  const auto step = step_of(dicom::DataSetView(bytes));
  CHECK(step.text(dicom::kModality) == "CT");
  CHECK(step.text(Tag(0x0040, 0x0001)) == "CT1\\CT2");
  CHECK(step.text(Tag(0x0040, 0x0002)) == "20240131");
  CHECK(step.text(Tag(0x0040, 0x0003)) == "0815");
}

TEST_CASE("steps may be listed, and share what stands outside") {
  const auto request = only(R"(
PatientID: "1"
ScheduledStationAETitle: PETCT
ScheduledProcedureStepStartDate: 20240131
ScheduledProcedureStepSequence:
  - Modality: CT
  - Modality: PT
    ScheduledProcedureStepStartDate: 20240201
)");
  const auto bytes = request.bytes();
  std::vector<std::string> steps;
  for (const auto item : dicom::DataSetView(bytes).find(Tag(0x0040, 0x0100))->items())
    steps.push_back(std::string(item.text(dicom::kModality)) + " " + std::string(item.text(Tag(0x0040, 0x0001))) + " " +
                    std::string(item.text(Tag(0x0040, 0x0002))));
  CHECK(steps == std::vector<std::string>{"CT PETCT 20240131", "PT PETCT 20240201"});
}

TEST_CASE("JSON is read, that of DICOM too") {
  CHECK(only(R"({"PatientID": "1", "RequestedProcedureCodeSequence": {"CodeValue": "X1"}})")
            .first_item(Tag(0x0032, 0x1064))
            .text(Tag(0x0008, 0x0100)) == "X1");
  const auto request = only(R"([{
    "00100010": {"vr": "PN", "Value": [{"Alphabetic": "Yamada^Tarou", "Ideographic": "山田^太郎"}]},
    "00100020": {"vr": "LO", "Value": ["4711"]},
    "00080050": {"vr": "SH"},
    "00400100": {"vr": "SQ", "Value": [{"00080060": {"vr": "CS", "Value": ["CT"]}}]}
  }])");
  CHECK(request.text(dicom::kPatientName) == "Yamada^Tarou=山田^太郎");
  CHECK(request.text(dicom::kPatientId) == "4711");
  CHECK(request.first_item(Tag(0x0040, 0x0100)).text(dicom::kModality) == "CT");
}

TEST_CASE("a file may hold a list of requests") {
  CHECK(requests_from_text("- PatientID: 1\n- PatientID: 2\n").size() == 2);
}

TEST_CASE("what is wrong is named with its line, column and remedy") {
  CHECK(problem("PatientID: 1\nPatientNam: X\n") ==
        "line 2, column 1: there is no attribute \"PatientNam\": write a keyword of PS3.6, such as PatientName, or a "
        "tag, such as 00100010");
  CHECK(problem("PatientBirthDate: 31.1.1970") ==
        "line 1, column 19: \"31.1.1970\" is no date: write YYYYMMDD, such as 20240131, or 2024-01-31");
  CHECK(problem("PatientBirthDate: 19701301").find("is no date") != std::string::npos);
  CHECK(problem("ScheduledProcedureStepStartTime: 25:00").find("is no time") != std::string::npos);
  CHECK(problem("AccessionNumber: \"12345678901234567\"") ==
        "line 1, column 18: the value has 17 characters, but at most 16 are allowed here");
  CHECK(problem("ScheduledProcedureStepSequence: CT").find("must be a list of items") != std::string::npos);
  CHECK(problem("PregnancyStatus: maybe").find("is no number") != std::string::npos);
  CHECK(problem("PixelData: x").find("can't be written as text") != std::string::npos);
  CHECK(problem("just text").find("here must be attributes with their values") != std::string::npos);
  CHECK(problem("PatientID: [1").find("line ") == 0);
  CHECK(problem("PatientName: M\xfcller") == "the file is not in UTF-8: save it as that");
  CHECK(problem("") == "the file is empty");
}
