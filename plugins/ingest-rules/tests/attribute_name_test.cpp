#include "attribute_name.hpp"

#include <catch2/catch.hpp>

#include "fermata/error.hpp"
#include "fermata/testing/sample_instance.hpp"

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

TEST_CASE("private attributes are named with their creator, whose block differs from object to object") {
  const auto attribute = attribute_named("(0019,\"ACME 1.1\",01)");
  CHECK(attribute.creator == "ACME 1.1");
  CHECK(attribute.vr == dicom::Vr("LO"));
  CHECK_FALSE(attribute.known);
  testing::SampleDataSet header;
  header.set({dicom::Tag(0x0019, 0x0010), "LO"}, "OTHER").set({dicom::Tag(0x0019, 0x0042), "LO"}, "ACME 1.1");
  CHECK(attribute.tag_in(dicom::DataSetView(header.bytes())) == dicom::Tag(0x0019, 0x4201));
  header.set({dicom::Tag(0x0019, 0x0042), "LO"}, "ACME 1.2");
  CHECK_FALSE(attribute.tag_in(dicom::DataSetView(header.bytes())));
}

TEST_CASE("a private tag alone says nothing, and the message shows what does") {
  for (const char* name : {"(0019,1001)", "0019,0010"})
    CHECK_THROWS_WITH(attribute_named(name), Catch::Contains("(0019,\"ACME 1.1\",01)"));
  for (const char* name : {"(0018,\"ACME\",01)", "(0019,\"\",01)", "(0019,\"ACME\",1)", "(0019,\"ACME\",001)",
                           "(0001,\"ACME\",01)", "(0019,ACME,01)"}) {
    INFO(name);
    CHECK_THROWS_AS(attribute_named(name), Error);
  }
}

TEST_CASE("what is no attribute is refused with how to write it") {
  for (const char* name : {"PatientsID", "(0010,002)", "0010002g", "patientid", ""})
    CHECK_THROWS_WITH(attribute_named(name), Catch::Contains("write its keyword, such as PatientID"));
}
