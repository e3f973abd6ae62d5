#include "echo_service.hpp"

#include <catch2/catch.hpp>

#include "fermata/testing/dimse_exchange.hpp"
#include "fermata/testing/sample_instance.hpp"

using namespace fermata;
using your_plugin::EchoService;

namespace {

testing::KeptDimseResponse answer(const DimseRequest& request) {
  testing::KeptDimseResponses responses;
  EchoService("hello").handle(request, responses);
  REQUIRE(responses.all.size() == 1);
  return responses.all[0];
}

DimseRequest action(uint16_t type) {
  DimseRequest request;
  request.command_field = 0x0130;
  request.event_or_action_type = type;
  request.sop_class_uid = EchoService::kSopClass;
  return request;
}

}  // namespace

TEST_CASE("the data set of an N-ACTION comes back") {
  auto request = action(EchoService::kEcho);
  testing::SampleDataSet data_set;
  data_set.set(testing::attribute::patient_name, "DOE^JOHN");
  request.has_data_set = true;
  request.data_set = data_set.bytes();
  const auto response = answer(request);
  CHECK(response.status == 0);
  CHECK(response.error_comment == "hello");
  CHECK(dicom::DataSetView(response.data_set).text(dicom::kPatientName) == "DOE^JOHN");
}

TEST_CASE("other actions and other commands fail") {
  CHECK(answer(action(2)).status == 0x0123);
  auto find = action(EchoService::kEcho);
  find.command_field = 0x0020;
  CHECK(answer(find).status == 0x0211);
}
