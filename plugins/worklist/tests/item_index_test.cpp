#include "item_index.hpp"

#include <catch2/catch.hpp>

#include "fermata/dicom/key_compiler.hpp"
#include "samples.hpp"

using namespace fermata;
using namespace fermata::worklist;
using namespace fermata::worklist::testing;

namespace {

constexpr Tag kStation{0x0040, 0x0001};
constexpr Tag kDate{0x0040, 0x0002};
constexpr Tag kTime{0x0040, 0x0003};

struct Scene {
  Scene() {
    // 100 days in 2024, 10 items each, alternating between two stations
    for (int day = 0; day < 100; ++day)
      for (int i = 0; i < 10; ++i) {
        Sample sample;
        const auto number = std::to_string(1000 + day * 10 + i);
        sample.accession_number = "A" + number;
        sample.patient_id = "P" + std::to_string(i);
        sample.station = i % 2 == 0 ? "CT1" : "MR1\\MR2";
        const auto month = std::to_string(101 + day / 28).substr(1);
        const auto day_of_month = std::to_string(101 + day % 28).substr(1);
        sample.date = "2024" + month + day_of_month;
        sample.time = std::to_string(108 + i).substr(1) + "00";
        put("item " + number, sample);
      }
  }
  void put(const std::string& id, const Sample& sample) {
    const auto bytes = sample.bytes();
    index.put(make_item(id, "test", dicom::DataSetView(bytes), "SCHEDULED"));
  }
  std::vector<ItemPtr> candidates(const Keys& keys) const {
    const auto bytes = keys.bytes();
    return index.candidates(dicom::compile(dicom::DataSetView(bytes), true));
  }
  ItemIndex index;
};

}  // namespace

TEST_CASE("a query for a day looks at that day's items only, in their order") {
  const Scene scene;
  const auto found = scene.candidates(Keys().step(kDate, "DA", "20240105"));
  REQUIRE(found.size() == 10);
  CHECK(found.front()->start == "20240105080000.000000");
  CHECK(found.back()->start == "20240105170000.000000");
  CHECK(scene.candidates(Keys().step(kDate, "DA", "20240105-20240107")).size() == 30);
  CHECK(scene.candidates(Keys().step(kDate, "DA", "20240401-")).size() == 160);
  CHECK(scene.candidates(Keys().step(kDate, "DA", "-20240102")).size() == 20);
  CHECK(scene.candidates(Keys().step(kDate, "DA", "20250101")).empty());
  CHECK(scene.candidates(Keys().step(kDate, "DA", "20240107-20240105")).empty());
  CHECK(scene.candidates(Keys().step(kDate, "DA", "20240105-20240106").step(kTime, "TM", "0900-1000")).size() == 20);
}

TEST_CASE("a query for a value looks at the items that have it, within the days") {
  const Scene scene;
  CHECK(scene.candidates(Keys().set(dicom::kAccessionNumber, "SH", "A1234")).size() == 1);
  CHECK(scene.candidates(Keys().set(dicom::kAccessionNumber, "SH", "none")).empty());
  CHECK(scene.candidates(Keys().set(dicom::kPatientId, "LO", "P3")).size() == 100);
  CHECK(scene.candidates(Keys().step(kStation, "AE", "MR2")).size() == 500);
  CHECK(scene.candidates(Keys().step(kStation, "AE", "MR2").step(kDate, "DA", "20240105")).size() == 5);
  CHECK(scene.candidates(Keys().step(kStation, "AE", "MR2").set(dicom::kPatientId, "LO", "P3")).size() == 100);
}

TEST_CASE("a query without such keys looks at all items") {
  const Scene scene;
  CHECK(scene.candidates(Keys()).size() == 1000);
  CHECK(scene.candidates(Keys().set(dicom::kAccessionNumber, "SH", "A12*")).size() == 1000);
  CHECK(scene.index.candidates({}).size() == 1000);
}

TEST_CASE("an item that is replaced or removed is found nowhere else") {
  Scene scene;
  Sample changed;
  changed.accession_number = "NEW";
  changed.date = "20230101";
  scene.put("item 1234", changed);
  CHECK(scene.index.size() == 1000);
  CHECK(scene.candidates(Keys().set(dicom::kAccessionNumber, "SH", "A1234")).empty());
  CHECK(scene.candidates(Keys().set(dicom::kAccessionNumber, "SH", "NEW")).size() == 1);
  CHECK(scene.candidates(Keys()).front()->id == "item 1234");
  CHECK(scene.index.before("20240101").size() == 1);
  CHECK(scene.index.find("item 1234")->start.substr(0, 8) == "20230101");
  scene.index.remove("item 1234");
  CHECK(scene.index.size() == 999);
  CHECK(scene.index.find("item 1234") == nullptr);
  CHECK(scene.candidates(Keys().set(dicom::kAccessionNumber, "SH", "NEW")).empty());
}
