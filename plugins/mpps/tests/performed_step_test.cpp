#include "performed_step.hpp"

#include <catch2/catch.hpp>

#include <functional>

#include "samples.hpp"

using namespace fermata;
using namespace fermata::mpps;
using namespace fermata::mpps::testing;

namespace {

/// Status, attribute and Error ID of what is refused; "accepted".
std::string outcome(const std::function<void()>& call) {
  try {
    call();
  } catch (const Refusal& refusal) {
    const auto response = refusal.response();
    char text[64];
    std::snprintf(text, sizeof text, "%04X %08X %04X", response.status,
                  response.attributes.empty() ? 0 : response.attributes.front(), response.error_id);
    return text;
  }
  return "accepted";
}
std::string outcome(const EditableDataSet& data_set, const std::string& uid = "1.9") {
  return outcome([&] { created(data_set, uid); });
}

}  // namespace

TEST_CASE("a step begins in progress and keeps what it was begun with") {
  const auto step = created(begun());
  CHECK(step.sop_instance_uid == "1.9");
  CHECK(step.ae_title == "CT1");
  CHECK(step.state() == "IN PROGRESS");
  CHECK_FALSE(step.finished());
  CHECK(step.study_instance_uid() == "1.2.3");
  CHECK(step.data_set.text(dicom::kPatientName) == "山田^太郎");
  CHECK(step.data_set.text(dicom::kSpecificCharacterSet) == "ISO_IR 192");
  CHECK(step.left_out().empty());
}

TEST_CASE("a step without a SOP Instance UID is given one") {
  const auto step = created(begun(), "");
  CHECK(step.sop_instance_uid.find("2.25.") == 0);
  CHECK(created(begun(), "").sop_instance_uid != step.sop_instance_uid);
}

TEST_CASE("a step that can't begin is refused with the attribute that it is about") {
  auto data_set = begun();
  data_set.erase(kStatus);
  CHECK(outcome(data_set) == "0120 00400252 0000");
  data_set.set(kStatus, "CS", "");
  CHECK(outcome(data_set) == "0121 00400252 0000");
  for (const auto* status : {"COMPLETED", "DISCONTINUED", "STARTED"}) {
    data_set.set(kStatus, "CS", status);
    CHECK(outcome(data_set) == "0106 00400252 0000");
  }
  data_set = begun();
  data_set.erase(kScheduled);
  CHECK(outcome(data_set) == "0120 00400270 0000");
  CHECK(outcome(begun("")) == "0121 0020000D 0000");
  data_set.set_items(kScheduled, {});
  CHECK(outcome(data_set) == "0120 0020000D 0000");
  CHECK(outcome(begun(), "no uid") == "0117 00000000 0000");
}

TEST_CASE("what a modality leaves out is made up for, or passed over") {
  auto data_set = begun();
  data_set.set(kStatus, "CS", "in progress");
  for (const auto tag : {dicom::kModality, Tag(0x0040, 0x0253), Tag(0x0040, 0x0241), Tag(0x0040, 0x0244),
                         Tag(0x0040, 0x0245), dicom::kPatientName})
    data_set.erase(tag);
  const auto step = created(data_set);
  CHECK(step.state() == "IN PROGRESS");
  CHECK(step.data_set.text(Tag(0x0040, 0x0241)) == "CT1");
  CHECK(step.data_set.text(Tag(0x0040, 0x0244)).size() == 8);
  CHECK(step.data_set.text(Tag(0x0040, 0x0245)).size() == 6);
  CHECK(step.left_out() == std::vector<std::string_view>{"Modality", "Performed Procedure Step ID"});
}

TEST_CASE("a step is completed or discontinued, and then nothing changes any more") {
  const std::string final_state = GENERATE("COMPLETED", "DISCONTINUED");
  auto step = created(begun());
  EditableDataSet midway;
  midway.set(Tag(0x0040, 0x0254), "LO", "Thorax");
  set(step, midway);
  CHECK(step.state() == "IN PROGRESS");
  CHECK(step.data_set.text(Tag(0x0040, 0x0254)) == "Thorax");
  set(step, ended(final_state));
  CHECK(step.state() == final_state);
  CHECK(step.finished());
  CHECK(step.changed_us > step.created_us);
  CHECK(step.instances() == std::vector<std::string>{"1.5.1", "1.5.2"});
  const auto before = step.data_set.bytes();
  CHECK(outcome([&] { set(step, midway); }) == "0110 00000000 A710");
  CHECK(outcome([&] { set(step, ended("IN PROGRESS")); }) == "0110 00000000 A710");
  CHECK(step.data_set.bytes() == before);
}

TEST_CASE("a status that there is not changes nothing") {
  auto step = created(begun());
  const auto before = step.data_set.bytes();
  CHECK(outcome([&] { set(step, ended("DONE")); }) == "0106 00400252 0000");
  CHECK(step.data_set.bytes() == before);
}

TEST_CASE("what must not change is passed over, as many modalities send everything again") {
  auto step = created(begun());
  auto all = ended();
  all.set(dicom::kPatientName, "PN", "OTHER^NAME");
  all.set(dicom::kModality, "CS", "MR");
  all.set(Tag(0x0040, 0x0244), "DA", "19990101");
  const std::vector<EditableDataSet> others(1);
  all.set_items(kScheduled, others);
  set(step, all);
  CHECK(step.state() == "COMPLETED");
  CHECK(step.data_set.text(dicom::kPatientName) == "山田^太郎");
  CHECK(step.data_set.text(dicom::kModality) == "CT");
  CHECK(step.data_set.text(Tag(0x0040, 0x0244)) == "20240131");
  CHECK(step.study_instance_uid() == "1.2.3");
}

TEST_CASE("an end without a time ends now, and one without series is noted") {
  auto step = created(begun());
  EditableDataSet end;
  end.set(kStatus, "CS", "COMPLETED");
  set(step, end);
  CHECK(step.data_set.text(Tag(0x0040, 0x0250)).size() == 8);
  CHECK(step.data_set.text(Tag(0x0040, 0x0251)).size() == 6);
  CHECK(step.left_out() == std::vector<std::string_view>{"Performed Series Sequence"});
}
