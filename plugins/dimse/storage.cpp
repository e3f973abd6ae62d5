#include "storage.hpp"

#include <new>

#include "fermata/error.hpp"
#include "status.hpp"

namespace fermata::dimse {
namespace {

uint16_t status_of(StoreOutcome::Refusal refusal) {
  using Refusal = StoreOutcome::Refusal;
  switch (refusal) {
    case Refusal::out_of_space:
    case Refusal::too_large:  // more than this archive provides for
    case Refusal::stopping:   // for the moment
      return status::kOutOfResources;
    case Refusal::missing_attribute:
    case Refusal::sop_class_mismatch:
      return status::kDataSetMismatch;
    case Refusal::not_understood:
      return status::kCannotUnderstand;
    case Refusal::duplicate:
      return status::kDuplicateSopInstance;
    case Refusal::rule:
      return status::kNotAuthorized;
    case Refusal::none:
    case Refusal::failure:
      break;
  }
  return status::kProcessingFailure;
}

std::string_view counter_of(StoreOutcome::Kind kind) {
  switch (kind) {
    case StoreOutcome::Kind::stored:
      return "stores_stored_total";
    case StoreOutcome::Kind::identical:
      return "stores_identical_total";
    case StoreOutcome::Kind::kept_first:
      return "stores_kept_first_total";
    case StoreOutcome::Kind::replaced:
      return "stores_replaced_total";
    case StoreOutcome::Kind::refused:
      break;
  }
  return "stores_refused_total";
}

}  // namespace

void Storage::handle(Session& session, const Message& message) {
  const auto& context = *session.association.context(message.context_id);
  const auto sop_class = message.command.text(element::kAffectedSopClassUid);
  if (message.command.field() != field::kStore)
    refuse(session, message, status::kUnrecognizedOperation, "only C-STORE makes sense here");
  else if (!sop_class.empty() && sop_class != context.abstract_syntax)
    refuse(session, message, status::kSopClassNotSupported, "not the SOP Class of the Presentation Context");
  else if (!message.command.has_data_set())
    refuse(session, message, status::kCannotUnderstand, "C-STORE came without a data set");
  else
    try_to_store(session, message, context);
}

void Storage::try_to_store(Session& session, const Message& message, const PresentationContext& context) {
  try {
    store(session, message, context);
  } catch (const Error& error) {
    const bool later =
        error.code() == Code::no_space || error.code() == Code::unavailable || error.code() == Code::out_of_memory;
    if (!later) throw;
    refuse(session, message, status::kOutOfResources, error.what());
  } catch (const std::bad_alloc&) {
    refuse(session, message, status::kOutOfResources, "out of memory");
  }
}

void Storage::store(Session& session, const Message& message, const PresentationContext& context) {
  const auto sop_instance_uid = message.command.text(element::kAffectedSopInstanceUid);
  StoreRequest request;
  request.transfer_syntax_uid = context.transfer_syntax;
  request.sop_class_uid = context.abstract_syntax;
  request.sop_instance_uid = sop_instance_uid;
  request.calling_ae_title = session.caller.calling_ae_title;
  request.called_ae_title = session.caller.called_ae_title;
  request.peer_address = session.caller.address;
  request.protocol = "dimse";
  const auto operation = archive_.store(request);
  session.association.receive_data_set([&](std::span<const std::byte> bytes) { operation->append(bytes); });
  const auto outcome = operation->finish();
  journal_.count(counter_of(outcome.kind), 1);
  if (outcome.kind != StoreOutcome::Kind::refused) {
    if (trail_ != nullptr) session.stored.count(*trail_, session.caller, outcome.study_instance_uid);
    session.association.send(message.context_id, CommandSet::response_to(message.command, status::kSuccess));
    return;
  }
  journal_.log(LogLevel::warning, "an object was refused: " + std::string(outcome.reason),
               {{"calling_ae_title", session.association.calling_ae_title()},
                {"address", session.association.peer_address()},
                {"sop_instance_uid", sop_instance_uid}});
  auto response = CommandSet::response_to(message.command, status_of(outcome.refusal));
  response.set_error_comment(outcome.reason);
  session.association.send(message.context_id, response);
}

void Storage::refuse(Session& session, const Message& message, uint16_t status, std::string_view reason) {
  journal_.count(counter_of(StoreOutcome::Kind::refused), 1);
  session.association.receive_data_set([](std::span<const std::byte>) {});
  auto response = CommandSet::response_to(message.command, status);
  response.set_error_comment(reason);
  session.association.send(message.context_id, response);
}

}  // namespace fermata::dimse
