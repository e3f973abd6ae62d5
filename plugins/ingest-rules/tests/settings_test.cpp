#include "settings.hpp"

#include <catch2/catch.hpp>

#include "fermata/testing/given_config.hpp"

using namespace fermata;
using namespace fermata::ingest_rules;
using Catch::Contains;

namespace {

std::vector<Rule> read(const std::string& rule) {
  const testing::GivenConfig config(R"({"rules": [{"name": "the rule", )" + rule + "}]}");
  return rules_from(config.config());
}
std::vector<Rule> read_then(const std::string& then) { return read(R"("then": {)" + then + "}"); }
std::vector<Rule> read_when(const std::string& when) {
  return read(R"("when": {)" + when + R"(}, "then": {"refuse": "no"})");
}

}  // namespace

TEST_CASE("no rules are a configuration too") {
  const testing::GivenConfig config(R"({"rules": []})");
  CHECK(rules_from(config.config()).empty());
}

TEST_CASE("mistakes are refused with the rule's name and what to write") {
  CHECK_THROWS_WITH(read_when(R"("attributes": {"PatientsName": "x"})"),
                    Contains("the rule \"the rule\"") && Contains("no attribute \"PatientsName\""));
  CHECK_THROWS_WITH(read_when(R"("attributes": {"PatientName": "*"})"), Contains("\"present\" or \"absent\""));
  CHECK_THROWS_WITH(read_when(R"("attributes": {"PatientName": ""})"), Contains("\"present\" or \"absent\""));
  CHECK_THROWS_WITH(read_when(R"("attributes": {"Rows": "512"})"), Contains("Rows is no text"));
  CHECK_THROWS_WITH(read_when(R"("attributes": {"StudyDate": "yesterday-"})"), Contains("the rule"));
  CHECK_THROWS_WITH(read_when(R"("from_network": ["192.0.2.7/24"])"), Contains("192.0.2.0/24"));
  CHECK_THROWS_WITH(read_then(""), Contains("says nothing to do"));
  CHECK_THROWS_WITH(read_then(R"("refuse": "no", "set": {"PatientID": "1"})"), Contains("alone"));
  CHECK_THROWS_WITH(read_then(R"("refuse": "Zürich")"), Contains("64 characters, of ASCII"));
  CHECK_THROWS_WITH(read_then(R"("set": {"SOPInstanceUID": "1.2"})"), Contains("says which object it is"));
  CHECK_THROWS_WITH(read_then(R"("remove": ["StudyInstanceUID"])"), Contains("says which object it is"));
  CHECK_THROWS_WITH(read_then(R"("remove": ["PixelData"])"), Contains("is the archive's"));
  CHECK_THROWS_WITH(read_then(R"("set": {"SpecificCharacterSet": "ISO_IR 100"})"), Contains("is the archive's"));
  CHECK_THROWS_WITH(read_then(R"("set": {"Rows": "512"})"), Contains("can't be set"));
  CHECK_THROWS_WITH(read_then(R"j("set": {"(0009,\"ACME\",01)": "x"})j"), Contains("can't be set"));
  CHECK_THROWS_WITH(read_then(R"("remove": ["0009,1001"])"), Contains("write whose it is"));
  CHECK_THROWS_WITH(read_then(R"("set": {"FrameOfReferenceUID": "none"})"), Contains("needs a UID"));
  CHECK_THROWS_WITH(read_then(R"("label": ["a\\b"])"), Contains("backslash"));
  CHECK_THROWS_WITH(read_then(R"("label": ["a\n"])"), Contains("control character"));
}

TEST_CASE("values that the standard does not allow for the attribute are refused") {
  for (const char* wrong :
       {R"("StudyDate": "yesterday")", R"("Modality": "ct")", R"("PatientAge": "12")", R"("SeriesNumber": "one")",
        R"("PatientID": "A\\B")", R"("AccessionNumber": "12345678901234567")", R"("StationName": "a\nb")"}) {
    INFO(wrong);
    CHECK_THROWS_WITH(read_then(std::string(R"("set": {)") + wrong + "}"), Contains("can't have the value"));
  }
  CHECK_NOTHROW(read_then(
      R"("set": {"ImageType": "DERIVED\\SECONDARY", "PatientName": "山田^太郎=やまだ", "StudyDate": "20240131",
                             "PatientComments": "back\\slash", "PatientID": ""})"));
  for (const char* name : {"StudyDate", "SeriesNumber", "FrameOfReferenceUID", "StudyTime"})
    CHECK_THROWS_AS(read_then(std::string(R"("add_prefix": {")") + name + R"(": "1"})"), Error);
}

TEST_CASE("conditions on what a rule is not shown are refused") {
  for (const char* name : {"TransferSyntaxUID", "PixelData", "SpecificCharacterSet", "(0008,0000)"}) {
    CHECK_THROWS_WITH(read_when(std::string(R"("present": [")") + name + "\"]"), Contains("can be no condition"));
    CHECK_THROWS_WITH(read_when(std::string(R"("attributes": {")") + name + R"(": "1"})"),
                      Contains("can be no condition"));
  }
}

TEST_CASE("a rule that the log can't tell from another is refused") {
  CHECK_THROWS_WITH(read(R"("then": {"refuse": "no"}}, {"name": "the rule", "then": {"refuse": "no"})"),
                    Contains("another one has this name"));
}
