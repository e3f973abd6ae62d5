#include "retrieve_service.hpp"

#include <catch2/catch.hpp>

#include "fermata/testing/memory_state_store.hpp"
#include "samples.hpp"

using namespace fermata;
using namespace fermata::mpps;
using namespace fermata::mpps::testing;

namespace {

struct Scene {
  Scene() { steps.add(created(begun(), "1.9")); }
  Responder get(const std::string& uid, std::vector<uint32_t> attributes, uint16_t command_field = 0x0110) {
    DimseRequest request;
    request.command_field = command_field;
    request.sop_instance_uid = uid;
    request.attributes = attributes;
    Responder responder;
    RetrieveService(steps).handle(request, responder);
    CHECK(responder.sent == 1);
    return responder;
  }
  fermata::testing::MemoryStateStore memory;
  StepStore steps{memory};
};

}  // namespace

TEST_CASE("a step is retrieved, whole or the attributes that are asked for") {
  Scene scene;
  const auto whole = scene.get("1.9", {});
  CHECK(whole.status == 0);
  CHECK(dicom::DataSetView(whole.data_set).text(dicom::kPatientName) == "山田^太郎");
  CHECK(dicom::DataSetView(whole.data_set).text(kStatus) == "IN PROGRESS");
  const auto part = scene.get("1.9", {0x00400252, 0x00080060});
  CHECK(part.status == 0);
  CHECK(dicom::DataSetView(part.data_set).text(kStatus) == "IN PROGRESS");
  CHECK(dicom::DataSetView(part.data_set).text(dicom::kModality) == "CT");
  CHECK_FALSE(dicom::DataSetView(part.data_set).find(dicom::kPatientName));
}

TEST_CASE("attributes that the step does not have are a warning") {
  Scene scene;
  const auto part = scene.get("1.9", {0x00400252, 0x00400301});
  CHECK(part.status == 0x0001);
  CHECK(part.attributes == std::vector<uint32_t>{0x00400301});
  CHECK(dicom::DataSetView(part.data_set).text(kStatus) == "IN PROGRESS");
}

TEST_CASE("a step that there is not can't be retrieved") {
  Scene scene;
  CHECK(scene.get("1.8", {}).status == 0x0112);
  CHECK(scene.get("1.9", {}, 0x0140).status == 0x0211);
}
