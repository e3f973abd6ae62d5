#include "attributes.hpp"

#include <catch2/catch.hpp>

#include "fermata/testing/sample_instance.hpp"

using namespace fermata;
using namespace fermata::index_rocksdb;
namespace a = fermata::testing::attribute;
using dicom::AttributeLevel;

namespace {

dicom::DataSetView view_of(const testing::SampleDataSet& s) { return dicom::DataSetView(s.bytes()); }

}  // namespace

TEST_CASE("the first value stays, and blanks are filled by later ones") {
  const auto attributes = kept_attributes(AttributeLevel::study);
  testing::SampleDataSet first;
  first.set(a::patient_name, "DOE^JOHN").set(a::accession_number, "  ").set(a::modality, "CT");
  testing::SampleDataSet second;
  second.set(a::patient_name, "ROE^JANE").set(a::accession_number, "A1");

  std::vector<std::byte> kept;
  CHECK(fill_blanks(kept, view_of(first), attributes));
  CHECK_FALSE(fill_blanks(kept, view_of(first), attributes));
  CHECK(says_the_same(kept, view_of(first), attributes));
  CHECK(fill_blanks(kept, view_of(second), attributes));
  CHECK_FALSE(says_the_same(kept, view_of(first), attributes));

  const dicom::DataSetView result(kept);
  CHECK(result.text(a::patient_name.tag) == "DOE^JOHN");
  CHECK(result.text(a::accession_number.tag) == "A1");
  CHECK_FALSE(result.find(a::modality.tag));  // a series has it
}

TEST_CASE("a value of many kilobytes stays in the header") {
  testing::SampleDataSet header;
  header.set(a::patient_comments, std::string(10'000, 'x'));
  std::vector<std::byte> kept;
  CHECK_FALSE(fill_blanks(kept, view_of(header), kept_attributes(AttributeLevel::study)));
}

TEST_CASE("what is counted or stands in keys is not kept") {
  for (const auto level : {AttributeLevel::study, AttributeLevel::series})
    for (const auto tag : kept_attributes(level)) {
      CHECK_FALSE(is_computed(tag));
      CHECK(dicom::attribute_level(tag) == level);
    }
}
