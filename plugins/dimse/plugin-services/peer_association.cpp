#include "plugin-services/peer_association.hpp"

#include "fermata/error.hpp"

namespace fermata::dimse {

PeerAssociation::PeerAssociation(Association& association)
    : queue_(association.requests()),
      contexts_(association.contexts().begin(), association.contexts().end()),
      where_(association.calling_ae_title() + " at " + association.peer_address()) {}

void PeerAssociation::request(const DimseRequest& request, std::chrono::milliseconds timeout, DimseResponseSink& sink) {
  if (request.command_field == field::kFind || request.command_field == field::kGet ||
      request.command_field == field::kMove)
    throw Error(Code::unsupported,
                "queries and retrievals need an association of their own: open one with DimseClient");
  queue_->perform(OutgoingRequest(request, contexts_, where_), timeout).give_to(sink);
}

void PeerAssociation::store(const InstanceRecord&, std::chrono::milliseconds, DimseResponseSink&) {
  throw Error(Code::unsupported, "objects are sent on an association of their own: open one with DimseClient");
}

}  // namespace fermata::dimse
