#include "statistics_service.hpp"

#include <string>

#include "fermata/dicom/data_set_view.hpp"
#include "fermata/dicom/data_set_writer.hpp"

namespace private_service {
namespace {

using namespace fermata;

constexpr uint16_t kNActionRequest = 0x0130;
constexpr uint16_t kNoSuchAction = 0x0123;
constexpr uint16_t kUnrecognizedOperation = 0x0211;
constexpr dicom::Tag kSpecificCharacterSet{0x0008, 0x0005};
constexpr dicom::Tag kPatientName{0x0010, 0x0010};

}  // namespace

void StatisticsService::handle(const DimseRequest& request, DimseResponder& responder) {
  DimseResponse response;
  std::vector<std::byte> data_set;
  if (request.command_field != kNActionRequest) {
    response.status = kUnrecognizedOperation;
  } else if (request.event_or_action_type != kCount) {
    response.status = kNoSuchAction;
    response.error_comment = "the only action is 1, count";
  } else {
    data_set = reply(request);
    response.event_or_action_type = kCount;
    response.has_data_set = true;
    response.data_set = data_set;
  }
  responder.send(response);
}

std::vector<std::byte> StatisticsService::reply(const DimseRequest& request) const {
  const auto numbers = numbers_();
  const auto name = dicom::DataSetView(request.data_set).text(kPatientName);
  dicom::DataSetWriter writer;
  writer.add(kSpecificCharacterSet, dicom::Vr("CS"), "ISO_IR 192");
  writer.add(kCreator, dicom::Vr("LO"), "STATISTICS");
  writer.add_u32(kStudies, numbers.studies);
  writer.add_u32(kSeries, numbers.series);
  writer.add_u32(kInstances, numbers.instances);
  writer.add(kGreeting, dicom::Vr("LT"), "Hello " + std::string(name));
  return writer.take();
}

}  // namespace private_service
