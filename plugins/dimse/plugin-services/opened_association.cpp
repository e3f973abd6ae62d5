#include "plugin-services/opened_association.hpp"

#include <algorithm>

#include "fermata/error.hpp"
#include "plugin-services/outgoing_request.hpp"
#include "query-retrieve/store_sender.hpp"
#include "status.hpp"

namespace fermata::dimse {

OpenedAssociation::OpenedAssociation(std::unique_ptr<Association> association, const Destination& peer,
                                     ObjectSource objects, ObjectTarget target)
    : association_(std::move(association)),
      where_(peer.ae_title + " at " + peer.host + " port " + std::to_string(peer.port)),
      objects_(std::move(objects)),
      target_(std::move(target)),
      peer_(peer),
      // Seen from here, the peer is the one that stores.
      session_{*association_,
               0,
               {peer_.ae_title, association_->calling_ae_title(), association_->peer_address(), peer_.tls}} {}

void OpenedAssociation::request(const DimseRequest& request, std::chrono::milliseconds timeout,
                                DimseResponseSink& sink) {
  OutgoingRequest outgoing(request, association_->contexts(), where_);
  if (++message_id_ == 0) ++message_id_;
  try {
    outgoing.send(*association_, message_id_);
    bool wanted = true;
    for (;;) {
      const auto message = next_response(message_id_, timeout);
      const auto response = IncomingResponse::read(*association_, message);
      const bool more = response.is_pending();
      if (wanted && !response.give_to(sink)) {
        wanted = false;
        if (more) cancel(outgoing.context_id, message_id_);
      }
      if (!more) return;
    }
  } catch (const AssociationLost& lost) {
    throw Error(Code::unavailable, "the association with " + where_ + " is lost: " + lost.what());
  }
}

void OpenedAssociation::store(const InstanceRecord& record, std::chrono::milliseconds timeout,
                              DimseResponseSink& sink) {
  StoreSenderSettings settings;
  settings.response_timeout = timeout;
  settings.preferred_transfer_syntaxes = objects_.preferred_transfer_syntaxes;
  StoreSender sender(*objects_.archive, objects_.transcoder, *association_, std::move(settings));
  try {
    sender.send(record);
  } catch (const AssociationLost& lost) {
    throw Error(Code::unavailable, "the association with " + where_ + " is lost: " + lost.what());
  }
  if (!sender.status())
    throw Error(sender.problem(), "an object could not be sent to " + where_ + ": " + sender.reason());
  DimseResponse response;
  response.status = *sender.status();
  response.sop_class_uid = record.sop_class_uid;
  response.sop_instance_uid = record.sop_instance_uid;
  sink.take(response);
}

Message OpenedAssociation::next_response(uint16_t message_id, std::chrono::milliseconds timeout) {
  for (;;) {
    auto message = association_->receive(timeout);
    if (!message) throw AssociationLost("the peer released it instead of answering");
    const auto& command = message->command;
    if (takes(*message))
      take(*message);
    else if (!command.is_response())
      association_->send(message->context_id, CommandSet::response_to(command, status::kUnrecognizedOperation));
    else if (command.message_id_responded_to() == message_id)
      return std::move(*message);
  }
}

bool OpenedAssociation::takes(const Message& message) const {
  const auto* context = association_->context(message.context_id);
  return target_.storage != nullptr && context != nullptr && message.command.field() == field::kStore &&
         std::find(target_.sop_classes.begin(), target_.sop_classes.end(), context->abstract_syntax) !=
             target_.sop_classes.end();
}

void OpenedAssociation::take(const Message& message) {
  try {
    target_.storage->handle(session_, message);
  } catch (const Error&) {  // before its response
    association_->send(message.context_id, CommandSet::response_to(message.command, status::kProcessingFailure));
  }
}

void OpenedAssociation::cancel(uint8_t context_id, uint16_t message_id) {
  CommandSet command;
  command.set_u16(element::kCommandField, field::kCancel);
  command.set_u16(element::kMessageIdRespondedTo, message_id);
  association_->send(context_id, command);
}

}  // namespace fermata::dimse
