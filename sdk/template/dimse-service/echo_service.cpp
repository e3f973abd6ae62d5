#include "echo_service.hpp"

#include "fermata/dicom/data_set_view.hpp"
#include "fermata/error.hpp"

namespace your_plugin {
namespace {

constexpr uint16_t kNActionRequest = 0x0130;
constexpr uint16_t kInvalidArgumentValue = 0x0115;
constexpr uint16_t kNoSuchAction = 0x0123;
constexpr uint16_t kUnrecognizedOperation = 0x0211;

bool is_data_set(std::span<const std::byte> bytes) {
  try {
    for (const auto& element : fermata::dicom::DataSetView(bytes)) static_cast<void>(element);
    return true;
  } catch (const fermata::Error&) {
    return false;
  }
}

}  // namespace

void EchoService::handle(const fermata::DimseRequest& request, fermata::DimseResponder& responder) {
  fermata::DimseResponse response;
  response.error_comment = greeting_;
  if (request.command_field != kNActionRequest) {
    response.status = kUnrecognizedOperation;
  } else if (request.event_or_action_type != kEcho) {
    response.status = kNoSuchAction;
  } else if (!is_data_set(request.data_set)) {
    response.status = kInvalidArgumentValue;
  } else {
    response.event_or_action_type = kEcho;
    response.has_data_set = request.has_data_set;
    response.data_set = request.data_set;
  }
  responder.send(response);
}

}  // namespace your_plugin
