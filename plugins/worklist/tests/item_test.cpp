#include "item.hpp"

#include <catch2/catch.hpp>

#include "fermata/dicom/uid.hpp"
#include "item_document.hpp"
#include "samples.hpp"

using namespace fermata;
using namespace fermata::worklist;
using namespace fermata::worklist::testing;

namespace {

ItemPtr item(const Sample& sample, std::string_view id = "a") {
  const auto bytes = sample.bytes();
  return make_item(id, "test", dicom::DataSetView(bytes), "SCHEDULED");
}
std::string problem(const EditableDataSet& data_set) {
  const auto bytes = data_set.bytes();
  try {
    make_item("a", "test", dicom::DataSetView(bytes), "SCHEDULED");
  } catch (const Error& error) {
    return error.what();
  }
  return {};
}

}  // namespace

TEST_CASE("what modalities need and an item lacks is made") {
  Sample sample;
  sample.time = sample.step_id = "";
  const auto made = item(sample);
  CHECK(made->start == "20240131000000.000000");
  CHECK(made->status == "SCHEDULED");
  const auto step = step_of(made->view());
  CHECK(step.text(Tag(0x0040, 0x0003)) == "000000");
  CHECK(step.text(Tag(0x0040, 0x0009)) == "A1");
  CHECK(step.text(Tag(0x0040, 0x0020)) == "SCHEDULED");
  CHECK(made->view().text(Tag(0x0040, 0x1001)) == "A1");
  CHECK(dicom::is_uid(made->view().text(dicom::kStudyInstanceUid)));
  CHECK(made->view().text(dicom::kSpecificCharacterSet) == "ISO_IR 192");

  sample.accession_number = "";
  const auto without = item(sample);
  CHECK_FALSE(without->view().text(Tag(0x0040, 0x1001)).empty());
  CHECK(without->view().text(Tag(0x0040, 0x1001)).size() <= 16);
}

TEST_CASE("a short Study Instance UID is enough for an ID") {
  Sample sample;
  sample.accession_number = "";
  auto data_set = sample.data_set();
  data_set.set(dicom::kStudyInstanceUid, "UI", "1.2.3");
  CHECK(problem(data_set).empty());
}

TEST_CASE("a study keeps its UID when an item is put again, and shares it under one accession number") {
  Sample sample;
  const auto uid = [&](const Sample& s, std::string_view id) {
    return std::string(item(s, id)->view().text(dicom::kStudyInstanceUid));
  };
  const auto first = uid(sample, "a");
  sample.date = "20240202";
  CHECK(uid(sample, "a") == first);
  CHECK(uid(sample, "b") == first);
  sample.accession_number = "A2";
  CHECK(uid(sample, "a") != first);
  sample.accession_number = "";
  CHECK(uid(sample, "a") != uid(sample, "b"));
}

TEST_CASE("what is necessary and missing is named") {
  Sample sample;
  auto data_set = sample.data_set();
  data_set.erase(dicom::kPatientId);
  CHECK(problem(data_set) == "Patient ID (0010,0020) is missing");
  data_set = sample.data_set();
  data_set.erase(Tag(0x0040, 0x0100));
  CHECK(problem(data_set) == "Scheduled Procedure Step Sequence (0040,0100) is missing");
  sample.date = "";
  CHECK(problem(sample.data_set()) == "Scheduled Procedure Step Start Date (0040,0002) is missing");
  sample.date = "January";
  CHECK(problem(sample.data_set()).find("(0040,0002) is no date: write YYYYMMDD") != std::string::npos);
  sample.date = "20240131";
  sample.station = "";
  CHECK(problem(sample.data_set()) == "Scheduled Station AE Title (0040,0001), the modality's, is missing");
  sample.station = "CT1";
  data_set = sample.data_set();
  data_set.set(dicom::kStudyInstanceUid, "UI", "unknown");
  CHECK(problem(data_set).find("Study Instance UID (0020,000D) is no UID") == 0);
  CHECK(problem(sample.data_set()).empty());
}

TEST_CASE("the steps of one request become items of one study, each with an ID") {
  Sample sample;
  sample.accession_number = sample.step_id = "";
  auto request = sample.data_set();
  auto second = sample.step();
  second.set(dicom::kModality, "CS", "PT");
  const std::vector<EditableDataSet> steps{sample.step(), second};
  request.set_items(Tag(0x0040, 0x0100), steps);
  const auto bytes = request.bytes();
  CHECK(problem(request).find("has more than one item") != std::string::npos);
  const auto singles = single_steps("a", dicom::DataSetView(bytes));
  REQUIRE(singles.size() == 2);
  const dicom::DataSetView one(singles[0]);
  const dicom::DataSetView two(singles[1]);
  CHECK(one.text(dicom::kStudyInstanceUid) == two.text(dicom::kStudyInstanceUid));
  CHECK(step_of(one).text(dicom::kModality) == "CT");
  CHECK(step_of(two).text(dicom::kModality) == "PT");
  CHECK(step_of(one).text(Tag(0x0040, 0x0009)) == "1");
  CHECK(step_of(two).text(Tag(0x0040, 0x0009)) == "2");
}

TEST_CASE("an item comes back from its document") {
  Sample sample;
  sample.patient_name = "山田^太郎";
  sample.status = "STARTED";
  const auto made = item(sample);
  const auto back = item_from_document("a", to_document(*made));
  CHECK(back->id == "a");
  CHECK(back->origin == "test");
  CHECK(back->start == made->start);
  CHECK(back->status == "STARTED");
  CHECK(back->data_set == made->data_set);
  const std::string newer = "{\"format\":2}\n";
  CHECK_THROWS_WITH(item_from_document("a", std::as_bytes(std::span(newer))),
                    Catch::Contains("written by a newer version"));
}
