#include "attribute_dictionary.hpp"

#include <atomic>
#include <catch2/catch.hpp>
#include <thread>
#include <vector>

using namespace fermata::dicom;
using fermata::dicomweb::AttributeDictionary;

TEST_CASE("attributes are found by keyword and by tag") {
  const AttributeDictionary dictionary;
  CHECK(dictionary.tag("PatientName") == kPatientName);
  CHECK(dictionary.keyword(kPatientName) == "PatientName");
  CHECK(dictionary.vr(kPatientName) == Vr("PN"));
  CHECK(dictionary.tag("00100010") == std::nullopt);
  CHECK(dictionary.tag("patientname") == std::nullopt);
  CHECK(dictionary.tag("") == std::nullopt);
  CHECK(dictionary.keyword(Tag(0x0009, 0x1001)).empty());
  CHECK(dictionary.keyword(Tag(0x0010, 0xfffe)).empty());
  CHECK(dictionary.vr(Tag(0x0010, 0xfffe)) == Vr("UN"));
}

TEST_CASE("retired attributes have the standard's keyword") {
  const AttributeDictionary dictionary;
  CHECK(dictionary.tag("OtherPatientIDs") == Tag(0x0010, 0x1000));
  CHECK(dictionary.keyword(Tag(0x0010, 0x1000)) == "OtherPatientIDs");
}

TEST_CASE("groups that repeat share a keyword") {
  const AttributeDictionary dictionary;
  CHECK(dictionary.tag("OverlayRows") == Tag(0x6000, 0x0010));
  CHECK(dictionary.keyword(Tag(0x6000, 0x0010)) == "OverlayRows");
  CHECK(dictionary.keyword(Tag(0x601e, 0x0010)) == "OverlayRows");
  CHECK(dictionary.keyword(Tag(0x6001, 0x0010)).empty());
  CHECK(dictionary.vr(Tag(0x6002, 0x3000)) == Vr("OW"));
}

TEST_CASE("where the standard leaves a choice, there is one Value Representation") {
  const AttributeDictionary dictionary;
  CHECK(dictionary.vr(Tag(0x0028, 0x0106)) == Vr("US"));
  CHECK(dictionary.vr(Tag(0x0028, 0x3006)) == Vr("OW"));
  CHECK(dictionary.vr(kPixelData) == Vr("OW"));
}

TEST_CASE("private attributes are known by their creator") {
  const AttributeDictionary dictionary;
  CHECK(dictionary.vr(Tag(0x0029, 0x0010)) == Vr("LO"));
  CHECK(dictionary.vr(Tag(0x0029, 0x1010)) == Vr("UN"));
  CHECK(dictionary.vr(Tag(0x0029, 0x1008), "SIEMENS CSA HEADER") == Vr("CS"));
  CHECK(dictionary.vr(Tag(0x0029, 0x1008), "NOBODY") == Vr("UN"));
}

TEST_CASE("many threads look up at once") {
  const AttributeDictionary dictionary;
  std::vector<std::thread> threads;
  std::atomic<int> found = 0;
  for (int i = 0; i < 4; ++i)
    threads.emplace_back([&] {
      for (int j = 0; j < 1000; ++j)
        if (dictionary.tag("PatientID") == kPatientId &&
            dictionary.vr(Tag(0x0029, 0x1008), "SIEMENS CSA HEADER") == Vr("CS"))
          ++found;
    });
  for (auto& thread : threads) thread.join();
  CHECK(found == 4000);
}
