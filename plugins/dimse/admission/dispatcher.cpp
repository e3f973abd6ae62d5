#include "admission/dispatcher.hpp"

#include <algorithm>
#include <new>
#include <utility>

#include "fermata/error.hpp"
#include "status.hpp"

namespace fermata::dimse {
namespace {

bool is_request(uint16_t command_field) {
  switch (command_field) {
    case field::kStore:
    case field::kGet:
    case field::kFind:
    case field::kMove:
    case field::kEcho:
    case field::kNEventReport:
    case field::kNGet:
    case field::kNSet:
    case field::kNAction:
    case field::kNCreate:
    case field::kNDelete:
      return true;
    default:
      return false;
  }
}

void count(AssociationSummary& summary, uint16_t command_field) {
  switch (command_field) {
    case field::kStore:
      ++summary.stores;
      break;
    case field::kFind:
      ++summary.queries;
      break;
    case field::kGet:
    case field::kMove:
      ++summary.retrievals;
      break;
    default:
      ++summary.others;
  }
}

void answer(Session& session, const Message& message, uint16_t status, std::string_view comment) {
  auto response = CommandSet::response_to(message.command, status);
  if (!comment.empty()) response.set_error_comment(comment);
  session.association.send(message.context_id, response);
}

}  // namespace

AssociationSummary Dispatcher::run(Session& session) {
  AssociationSummary summary;
  const auto end = std::chrono::steady_clock::now() + settings_.lifetime;
  try {
    while (const auto message = session.association.next_request(time_left(session, end))) {
      count(summary, message->command.field());
      handle(session, *message);
    }
  } catch (const AssociationLost& lost) {
    summary.end = lost.what();
  }
  return summary;
}

/// How long the peer may keep quiet now. The lifetime is looked at between two messages: a wait that it cut short would
/// look like a peer that is idle.
std::chrono::milliseconds Dispatcher::time_left(Session& session, std::chrono::steady_clock::time_point end) const {
  if (std::chrono::steady_clock::now() < end) return settings_.idle;
  journal_.count("limit_lifetime_total", 1);
  session.association.abort();
  throw AssociationLost("it was open for as long as `timeouts.lifetime` allows");
}

void Dispatcher::handle(Session& session, const Message& message) {
  const auto* context = session.association.context(message.context_id);
  if (context == nullptr) {
    session.association.abort();
    throw AssociationLost("the peer used a Presentation Context that was not accepted");
  }
  if (!is_request(message.command.field())) {
    answer(session, message, status::kUnrecognizedOperation, "there is no such command");
    return;
  }
  const auto sop_class = classes_.find(context->abstract_syntax);
  if (!sop_class) {
    answer(session, message, status::kSopClassNotSupported, "the SOP Class is not served any more");
    return;
  }
  if ((session.rights & sop_class->rights) != sop_class->rights) {
    answer(session, message, status::kNotAuthorized, "the calling AE title may not do this");
    return;
  }
  serve(session, message, *sop_class->service);
}

void Dispatcher::serve(Session& session, const Message& message, Service& service) {
  std::string problem;
  uint16_t failure = status::kProcessingFailure;
  try {
    service.handle(session, message);
    return;
  } catch (const AssociationLost&) {
    throw;
  } catch (const Error& error) {
    problem = error.what();
    if (error.code() == Code::out_of_memory) failure = status::out_of_resources(message.command.field());
  } catch (const std::bad_alloc&) {
    problem = "out of memory";
    failure = status::out_of_resources(message.command.field());
  } catch (const std::exception& error) {
    problem = "internal error";
    journal_.log(LogLevel::debug, "a request failed unexpectedly", {{"error", error.what()}});
  }
  journal_.count("failed_requests_total", 1);
  journal_.log(LogLevel::warning, "a request failed: " + problem,
               {{"calling_ae_title", session.association.calling_ae_title()},
                {"address", session.association.peer_address()},
                {"message_id", std::to_string(message.command.message_id())}});
  session.association.receive_data_set([](std::span<const std::byte>) {});
  answer(session, message, failure, problem);
}

}  // namespace fermata::dimse
