#include "fermata/dicom/editable_data_set.hpp"

#include <catch2/catch.hpp>

using namespace fermata;
using namespace fermata::dicom;

namespace {
constexpr Tag kSequence{0x0040, 0x0100};
}

TEST_CASE("elements set in any order are written in ascending order") {
  EditableDataSet data_set;
  data_set.set(kPatientId, "LO", "4711");
  data_set.set(kModality, "CS", "CT");
  data_set.set(kPatientId, "LO", "815");
  const auto bytes = data_set.bytes();
  DataSetWriter expected;
  expected.add(kModality, "CS", "CT");
  expected.add(kPatientId, "LO", "815");
  CHECK(bytes == expected.take());
  CHECK(data_set.text(kPatientId) == "815");
  data_set.erase(kPatientId);
  CHECK_FALSE(data_set.has(kPatientId));
  CHECK(data_set.text(kPatientId).empty());
}

TEST_CASE("a data set that is taken apart and put together again is the same") {
  EditableDataSet item;
  item.set(kModality, "CS", "MR");
  EditableDataSet data_set;
  data_set.set_items(kSequence, std::vector{item, EditableDataSet()});
  data_set.set(kPatientName, "PN", "山田^太郎");
  const auto bytes = data_set.bytes();
  EditableDataSet again{DataSetView(bytes)};
  CHECK(again.bytes() == bytes);
  CHECK(again.first_item(kSequence).text(kModality) == "MR");
  CHECK(again.first_item(kPatientName).empty());
  CHECK(again.first_item(kPatientId).empty());
}
