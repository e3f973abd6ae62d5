#include "attribute_name.hpp"

#include <catch2/catch.hpp>

#include "fermata/error.hpp"

using namespace fermata;
using namespace fermata::ingest_rules;

TEST_CASE("attributes are named by keyword or tag") {
  for (const char* name : {"PatientID", "(0010,0020)", "0010,0020", "00100020"}) {
    INFO(name);
    const auto attribute = attribute_named(name);
    CHECK(attribute.tag == dicom::kPatientId);
    CHECK(attribute.vr == dicom::Vr("LO"));
    CHECK(attribute.known);
  }
  CHECK(attribute_named("StudyDate").vr == dicom::Vr("DA"));
  CHECK(attribute_named("OtherPatientIDs").tag == dicom::Tag(0x0010, 0x1000));  // retired
}

TEST_CASE("private attributes are known by tag only, as text") {
  const auto attribute = attribute_named("(0009,1001)");
  CHECK(attribute.tag == dicom::Tag(0x0009, 0x1001));
  CHECK(attribute.vr == dicom::Vr("LO"));
  CHECK_FALSE(attribute.known);
}

TEST_CASE("what is no attribute is refused with how to write it") {
  for (const char* name : {"PatientsID", "(0010,002)", "0010002g", "patientid", ""})
    CHECK_THROWS_WITH(attribute_named(name), Catch::Contains("write its keyword, such as PatientID"));
}
