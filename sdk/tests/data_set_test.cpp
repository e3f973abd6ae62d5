#include <catch2/catch.hpp>

#include "fermata/dicom/data_set_view.hpp"
#include "fermata/dicom/data_set_writer.hpp"

using namespace fermata;
using namespace fermata::dicom;

TEST_CASE("what the writer writes, the view reads") {
  DataSetWriter writer;
  writer.add(kPatientName, Vr("PN"), "Doe^Jane1");
  writer.begin_sequence(Tag(0x0040, 0x0275));
  writer.begin_item();
  writer.add(Tag(0x0040, 0x0007), Vr("LO"), "Knee");
  writer.end();
  writer.begin_item();
  writer.end();
  writer.end();
  writer.add_u16(Tag(0x0028, 0x0010), 512);

  const DataSetView view(writer.bytes());
  CHECK(view.text(kPatientName) == "Doe^Jane1");
  CHECK(view.find(kPatientName)->value.size() == 10);
  CHECK(view.find(Tag(0x0028, 0x0010)).has_value() == false);  // out of order: a view stops at the first greater tag
  const auto sequence = view.find(Tag(0x0040, 0x0275));
  REQUIRE(sequence);
  std::vector<std::string> names;
  for (const auto item : sequence->items()) names.emplace_back(item.text(Tag(0x0040, 0x0007)));
  CHECK(names == std::vector<std::string>{"Knee", ""});
}

TEST_CASE("bytes that are cut short are refused") {
  DataSetWriter writer;
  writer.add(kPatientName, Vr("PN"), "Doe^Jane");
  const auto bytes = writer.take();
  for (std::size_t n = 1; n < bytes.size(); ++n) {
    const DataSetView view{std::span(bytes).first(n)};
    CHECK_THROWS_AS(view.find(kPatientName), Error);
  }
}
