#include "plugin-services/outgoing_request.hpp"

#include <algorithm>

#include "fermata/error.hpp"
#include "query-retrieve/identifier.hpp"
#include "status.hpp"

namespace fermata::dimse {
namespace {

constexpr std::size_t kLargestDataSet = 64 * 1024 * 1024;

/// These name an object that exists at the peer: Requested SOP Class and Instance UID; all others affect one.
bool names_requested(uint16_t command_field) {
  return command_field == field::kNGet || command_field == field::kNSet || command_field == field::kNAction ||
         command_field == field::kNDelete;
}

bool has_priority(uint16_t command_field) {
  return command_field == field::kStore || command_field == field::kFind || command_field == field::kGet ||
         command_field == field::kMove;
}

CommandSet command_of(const DimseRequest& request) {
  const bool requested = names_requested(request.command_field);
  CommandSet command;
  command.set_text(requested ? element::kRequestedSopClassUid : element::kAffectedSopClassUid, request.sop_class_uid);
  command.set_u16(element::kCommandField, request.command_field);
  if (has_priority(request.command_field)) command.set_u16(element::kPriority, 0);
  if (!request.sop_instance_uid.empty())
    command.set_text(requested ? element::kRequestedSopInstanceUid : element::kAffectedSopInstanceUid,
                     request.sop_instance_uid);
  if (request.command_field == field::kMove) command.set_text(element::kMoveDestination, request.move_destination);
  if (request.command_field == field::kNEventReport)
    command.set_u16(element::kEventTypeId, request.event_or_action_type);
  if (request.command_field == field::kNAction) command.set_u16(element::kActionTypeId, request.event_or_action_type);
  if (!request.attributes.empty()) command.set_tags(element::kAttributeIdentifierList, request.attributes);
  return command;
}

}  // namespace

OutgoingRequest::OutgoingRequest(const DimseRequest& request, std::span<const PresentationContext> accepted,
                                 const std::string& where)
    : command(command_of(request)), has_data_set(request.has_data_set) {
  const auto context = std::find_if(accepted.begin(), accepted.end(), [&](const PresentationContext& c) {
    return c.abstract_syntax == request.sop_class_uid;
  });
  if (context == accepted.end())
    throw Error(Code::unsupported, where + " has not accepted the SOP Class " + std::string(request.sop_class_uid));
  context_id = context->id;
  if (!has_data_set) return;
  try {
    DataSetEncoder encoder(context->transfer_syntax);
    const auto encoded = encoder.encode(dicom::DataSetView(request.data_set));
    data_set.assign(encoded.begin(), encoded.end());
  } catch (const Error& error) {
    throw Error(Code::invalid, std::string("the data set of a request can't be sent: ") + error.what());
  }
}

void OutgoingRequest::send(Association& association, uint16_t message_id) {
  command.set_u16(element::kMessageId, message_id);
  if (has_data_set)
    association.send(context_id, command, data_set);
  else
    association.send(context_id, command);
}

IncomingResponse IncomingResponse::read(Association& association, const Message& message) {
  IncomingResponse response{message.command, {}};
  if (!message.command.has_data_set()) return response;
  const auto* context = association.context(message.context_id);
  if (context == nullptr) throw Error(Code::invalid, "a response came on a Presentation Context that was not accepted");
  response.data_set = receive_decoded(association, *context, kLargestDataSet);
  return response;
}

bool IncomingResponse::is_pending() const {
  return command.status() == status::kPending || command.status() == status::kPendingWithUnsupportedKeys;
}

bool IncomingResponse::give_to(DimseResponseSink& sink) const {
  const auto sop_class_uid = command.sop_class_uid();
  const auto sop_instance_uid = command.sop_instance_uid();
  const auto error_comment = command.text(element::kErrorComment);
  const auto attributes = command.tags(element::kAttributeIdentifierList);
  const auto event = command.u16(element::kEventTypeId);
  DimseResponse response;
  response.status = command.status();
  response.event_or_action_type = event ? *event : command.u16(element::kActionTypeId).value_or(0);
  response.sop_class_uid = sop_class_uid;
  response.sop_instance_uid = sop_instance_uid;
  response.error_comment = error_comment;
  response.has_data_set = command.has_data_set();
  response.data_set = data_set;
  response.attributes = attributes;
  response.error_id = command.u16(element::kErrorId).value_or(0);
  return sink.take(response);
}

}  // namespace fermata::dimse
