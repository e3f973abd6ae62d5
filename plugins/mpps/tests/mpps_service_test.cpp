#include "mpps_service.hpp"

#include <catch2/catch.hpp>

#include "fake_worklist.hpp"
#include "fermata/testing/memory_state_store.hpp"
#include "samples.hpp"

using namespace fermata;
using namespace fermata::mpps;
using namespace fermata::mpps::testing;

namespace {

struct Scene {
  Responder ask(uint16_t command_field, const std::string& uid, const EditableDataSet& data_set,
                std::string_view sop_class_uid = MppsService::kSopClassUid) {
    const auto bytes = data_set.bytes();
    DimseRequest request;
    request.command_field = command_field;
    request.sop_class_uid = sop_class_uid;
    request.sop_instance_uid = uid;
    request.has_data_set = true;
    request.data_set = bytes;
    request.calling_ae_title = "CT1";
    Responder responder;
    service.handle(request, responder);
    CHECK(responder.sent == 1);
    return responder;
  }
  Responder create(const std::string& uid, const EditableDataSet& data_set) { return ask(0x0140, uid, data_set); }
  Responder set(const std::string& uid, const EditableDataSet& data_set) { return ask(0x0120, uid, data_set); }

  fermata::testing::MemoryStateStore memory;
  StepStore steps{memory};
  FakeWorklist worklist;
  Journal journal;
  WorklistLink link{&worklist, journal};
  MppsService service{steps, link, journal, [] { return int64_t{1'700'000'000'000'000}; }};
};

}  // namespace

TEST_CASE("a step is begun and completed, and the worklist follows") {
  Scene scene;
  scene.worklist.add("item", "1.2.3", "A1", "S1");
  auto responder = scene.create("1.9", begun());
  CHECK(responder.status == 0);
  CHECK(responder.sop_instance_uid == "1.9");
  CHECK(scene.worklist.status["item"] == "STARTED");
  CHECK(scene.steps.find("1.9")->worklist_items == std::vector<std::string>{"item"});
  CHECK(scene.set("1.9", ended()).status == 0);
  CHECK(scene.worklist.status["item"] == "COMPLETED");
  CHECK(scene.steps.find("1.9")->state() == "COMPLETED");
}

TEST_CASE("the modality learns the UID of a step that it has not named") {
  Scene scene;
  const auto responder = scene.create("", begun());
  CHECK(responder.status == 0);
  REQUIRE(scene.steps.find(responder.sop_instance_uid));
  CHECK(scene.set(responder.sop_instance_uid, ended()).status == 0);
}

TEST_CASE("refusals carry status, comment, attributes and error ID") {
  Scene scene;
  scene.create("1.9", begun());
  const auto duplicate = scene.create("1.9", begun());
  CHECK(duplicate.status == 0x0111);
  CHECK(scene.set("1.8", ended()).status == 0x0112);
  CHECK(scene.set("", ended()).status == 0x0112);
  auto without_status = begun();
  without_status.erase(kStatus);
  const auto missing = scene.create("1.7", without_status);
  CHECK(missing.status == 0x0120);
  CHECK(missing.attributes == std::vector<uint32_t>{0x00400252});
  CHECK(missing.comment == "Performed Procedure Step Status is missing");
  scene.set("1.9", ended());
  const auto late = scene.set("1.9", ended("DISCONTINUED"));
  CHECK(late.status == 0x0110);
  CHECK(late.error_id == 0xa710);
  CHECK(late.comment == "Performed Procedure Step Object may no longer be updated");
  CHECK(scene.ask(0x0110, "1.9", {}).status == 0x0211);
  CHECK(scene.ask(0x0140, "1.6", begun(), "1.2.840.10008.5.1.4.1.1.2").status == 0x0118);
  CHECK_FALSE(scene.steps.find("1.6"));
  CHECK(scene.steps.find("1.9")->state() == "COMPLETED");
}
