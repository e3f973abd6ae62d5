#include "plugin-services/registered_service.hpp"

#include "fermata/error.hpp"
#include "plugin-services/peer_association.hpp"
#include "query-retrieve/identifier.hpp"
#include "status.hpp"

namespace fermata::dimse {
namespace {

bool is_pending(uint16_t status) { return status == status::kPending || status == status::kPendingWithUnsupportedKeys; }

uint16_t event_or_action_type(const CommandSet& command) {
  const auto wanted = command.field() == field::kNEventReport ? element::kEventTypeId : element::kActionTypeId;
  return command.u16(wanted).value_or(0);
}

class Responder : public DimseResponder {
 public:
  Responder(Association& association, const Message& request)
      : association_(association),
        request_(request),
        encoder_(association.context(request.context_id)->transfer_syntax) {}

  void send(const DimseResponse& response) override {
    if (finished_) throw Error(Code::internal, "a response follows the final one");
    finished_ = !is_pending(response.status);
    const auto command = command_of(response);
    if (response.has_data_set)
      association_.send(request_.context_id, command, encoder_.encode(dicom::DataSetView(response.data_set)));
    else
      association_.send(request_.context_id, command);
  }

  bool cancelled() override { return association_.cancelled(request_.command.message_id()); }
  std::unique_ptr<DimseAssociation> association() override { return std::make_unique<PeerAssociation>(association_); }
  bool finished() const { return finished_; }

 private:
  CommandSet command_of(const DimseResponse& response) const {
    auto command = CommandSet::response_to(request_.command, response.status);
    if (!response.sop_class_uid.empty()) command.set_text(element::kAffectedSopClassUid, response.sop_class_uid);
    if (!response.sop_instance_uid.empty())
      command.set_text(element::kAffectedSopInstanceUid, response.sop_instance_uid);
    if (!response.error_comment.empty()) command.set_error_comment(response.error_comment);
    if (response.error_id != 0) command.set_u16(element::kErrorId, response.error_id);
    if (!response.attributes.empty()) command.set_tags(element::kAttributeIdentifierList, response.attributes);
    if (response.event_or_action_type != 0) {
      const bool event = request_.command.field() == field::kNEventReport;
      command.set_u16(event ? element::kEventTypeId : element::kActionTypeId, response.event_or_action_type);
    }
    return command;
  }

  Association& association_;
  const Message& request_;
  DataSetEncoder encoder_;
  bool finished_ = false;
};

}  // namespace

void RegisteredService::handle(Session& session, const Message& message) {
  const auto& command = message.command;
  const auto& context = *session.association.context(message.context_id);
  const auto sop_class_uid = command.sop_class_uid();
  const auto sop_instance_uid = command.sop_instance_uid();
  const auto attributes = command.tags(element::kAttributeIdentifierList);
  std::vector<std::byte> data_set;
  if (command.has_data_set())
    data_set = receive_decoded(session.association, context, session.association.limits().data_set);

  DimseRequest request;
  request.command_field = command.field();
  request.message_id = command.message_id();
  request.event_or_action_type = event_or_action_type(command);
  request.sop_class_uid = sop_class_uid.empty() ? std::string_view(context.abstract_syntax) : sop_class_uid;
  request.sop_instance_uid = sop_instance_uid;
  request.has_data_set = command.has_data_set();
  request.data_set = data_set;
  request.attributes = attributes;
  request.calling_ae_title = session.caller.calling_ae_title;
  request.called_ae_title = session.caller.called_ae_title;
  request.peer_address = session.caller.address;

  Responder responder(session.association, message);
  try {
    service_.handle(request, responder);
  } catch (const std::exception&) {
    // On its way through the other plugin, the loss of the association has become an ordinary error.
    if (session.association.gone()) throw AssociationLost("the association was lost while it was being answered");
    if (!responder.finished()) throw;
    return;
  }
  if (!responder.finished()) throw Error(Code::internal, "the service has sent no final response");
}

}  // namespace fermata::dimse
