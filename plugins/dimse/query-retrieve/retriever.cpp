#include "query-retrieve/retriever.hpp"

#include "fermata/error.hpp"
#include "query-retrieve/identifier.hpp"
#include "query-retrieve/move_destination.hpp"
#include "query-retrieve/store_sender.hpp"
#include "seen_archive.hpp"
#include "status.hpp"

namespace fermata::dimse {
namespace {

using Clock = std::chrono::steady_clock;

constexpr uint64_t kFailuresLoggedEach = 5;  ///< of one retrieval; the rest is in its summary

struct Node {
  Destination destination;
  std::vector<std::string> preferred_transfer_syntaxes;
};

Node resolve(ApplicationEntities& application_entities, const std::string& ae_title, const Caller& caller) {
  if (ae_title.empty()) throw RequestRefused(status::kMoveDestinationUnknown, "the request names no Move Destination");
  const auto cursor = application_entities.resolve(ae_title, caller);
  ApplicationEntity entity;
  if (!cursor->next(entity))
    throw RequestRefused(status::kMoveDestinationUnknown, "Move Destination " + ae_title + " is not a known node");
  if (entity.host.empty())
    throw RequestRefused(status::kMoveDestinationUnknown, "Move Destination " + ae_title + " has no address");
  return {{ae_title, std::string(entity.host), entity.port, entity.tls, std::string(entity.certificate)},
          {entity.preferred_transfer_syntaxes.begin(), entity.preferred_transfer_syntaxes.end()}};
}

}  // namespace

/// Sends pending responses with the counts so far: one at once, then at most one an interval.
class Retriever::Progress {
 public:
  Progress(Session& session, const Message& message, const SubOperations& operations,
           std::chrono::milliseconds interval)
      : association_(session.association), message_(message), operations_(operations), interval_(interval) {}

  /// Does not throw: that the peer is gone shows with the next look at `cancelled`.
  void tick() {
    if (Clock::now() < next_ || association_.gone()) return;
    auto pending = CommandSet::response_to(message_.command, status::kPending);
    operations_.describe(pending);
    try {
      association_.send(message_.context_id, pending);
    } catch (const AssociationLost&) {
    }
    next_ = Clock::now() + interval_;
  }
  bool abandoned() { return cancelled() && association_.gone(); }
  bool cancelled() { return association_.cancelled(message_.command.message_id()); }

 private:
  Association& association_;
  const Message& message_;
  const SubOperations& operations_;
  std::chrono::milliseconds interval_;
  Clock::time_point next_ = Clock::now();
};

void Retriever::handle(Session& session, const Message& message) {
  try {
    const auto request = QueryRetrieveRequest::read(session, message);
    const RetrieveSelection selection(request);
    SeenArchive seen(archive_, session);
    if (request.model->operation == InformationModel::Operation::get)
      get(session, message, *seen, selection.selection());
    else
      move(session, message, *seen, selection.selection());
  } catch (const RequestRefused& why) {
    journal_.count("retrievals_refused_total", 1);
    journal_.log(LogLevel::info, std::string("a retrieval was refused: ") + why.what(),
                 {{"calling_ae_title", session.association.calling_ae_title()},
                  {"address", session.association.peer_address()}});
    session.association.send(message.context_id, refusal(message.command, why));
  }
}

void Retriever::get(Session& session, const Message& message, Archive& archive, const Selection& selection) {
  SubOperations operations(survey(session, message, archive, selection).instances);
  Progress progress(session, message, operations, settings_.progress_interval);
  StoreSenderSettings settings;
  settings.priority = message.command.u16(element::kPriority).value_or(0);
  settings.response_timeout = settings_.response_timeout;
  StoreSender sender(archive, transcoder_, session.association, settings);
  const auto cursor = archive.instances(selection);
  InstanceRecord record;
  SentStudies studies(trail_, session.caller, {});
  bool cancelled = false;
  while (!(cancelled = progress.cancelled()) && cursor->next(record)) {
    progress.tick();
    const auto outcome = sender.send(record);
    operations.count(outcome, record.sop_instance_uid);
    studies.count(record.study_instance_uid, outcome);
    if (!sender.reason().empty()) note_failure(session, record, sender.reason(), operations);
  }
  finish(session, message, operations, cancelled, {});
}

void Retriever::move(Session& session, const Message& message, Archive& archive, const Selection& selection) {
  auto node = resolve(application_entities_, message.command.text(element::kMoveDestination), session.caller);
  const auto where =
      node.destination.ae_title + " at " + node.destination.host + ":" + std::to_string(node.destination.port);
  const auto kinds = survey(session, message, archive, selection);
  const auto proposals = propose(kinds, node.preferred_transfer_syntaxes, transcoder_);
  SubOperations operations(kinds.instances);
  Progress progress(session, message, operations, settings_.progress_interval);
  StoreSenderSettings settings;
  settings.priority = message.command.u16(element::kPriority).value_or(0);
  settings.response_timeout = settings_.response_timeout;
  settings.preferred_transfer_syntaxes = std::move(node.preferred_transfer_syntaxes);
  settings.originator = MoveOriginator{session.association.calling_ae_title(), message.command.message_id()};
  settings.while_sending = [&progress] { progress.tick(); };
  settings.abandoned = [&progress] {
    progress.tick();
    return progress.abandoned();
  };
  MoveDestination destination(archive, transcoder_, client_, std::move(node.destination), std::move(settings));
  SentStudies studies(trail_, session.caller, message.command.text(element::kMoveDestination));
  bool cancelled = false;
  for (const auto& proposal : proposals) {
    destination.begin(proposal);
    const auto cursor = archive.instances(selection);
    InstanceRecord record;
    while (!(cancelled = cancelled || progress.cancelled()) && cursor->next(record)) {
      if (!proposal.sop_classes.contains(record.sop_class_uid)) continue;
      progress.tick();
      const auto outcome = destination.send(record);
      operations.count(outcome, record.sop_instance_uid);
      studies.count(record.study_instance_uid, outcome);
      if (!destination.reason().empty() && !destination.given_up())
        note_failure(session, record, destination.reason(), operations);
    }
  }
  destination.end();
  if (destination.given_up() && !progress.abandoned())
    journal_.log(LogLevel::error,
                 "C-MOVE to " + where + " failed: " + destination.reason() +
                     "; check that this node's listener runs, that its address, port and AE title are right here, that "
                     "it knows ours, and that no firewall is between",
                 {{"calling_ae_title", session.association.calling_ae_title()}, {"destination", where}});
  finish(session, message, operations, cancelled, destination.unreachable());
}

RetrieveSurvey Retriever::survey(Session& session, const Message& message, Archive& archive,
                                 const Selection& selection) {
  try {
    return RetrieveSurvey::take(archive, selection,
                                [&] { return session.association.cancelled(message.command.message_id()); });
  } catch (const Error& error) {
    journal_.log(LogLevel::error, std::string("the instances of a retrieval could not be listed: ") + error.what(), {});
    throw RequestRefused(status::kUnableToCountMatches, error.what());
  }
}

void Retriever::finish(Session& session, const Message& message, const SubOperations& operations, bool cancelled,
                       const std::string& comment) {
  journal_.count("retrieved_instances_total", operations.completed() + operations.warnings());
  journal_.count("retrieve_failures_total", operations.failed());
  const auto status = cancelled ? status::kCancelled : operations.final_status();
  journal_.log(operations.failed() > 0 ? LogLevel::warning : LogLevel::info,
               cancelled ? "a retrieval was cancelled" : "a retrieval has ended",
               {{"calling_ae_title", session.association.calling_ae_title()},
                {"address", session.association.peer_address()},
                {"completed", std::to_string(operations.completed())},
                {"failed", std::to_string(operations.failed())},
                {"warnings", std::to_string(operations.warnings())}});
  auto response = CommandSet::response_to(message.command, status);
  operations.describe(response);
  if (!comment.empty() && status != status::kSuccess) response.set_error_comment(comment);
  if (operations.failed() == 0) {
    session.association.send(message.context_id, response);
    return;
  }
  DataSetEncoder encoder(session.association.context(message.context_id)->transfer_syntax);
  const auto failed = operations.failed_list();
  session.association.send(message.context_id, response, encoder.encode_plain(dicom::DataSetView(failed)));
}

void Retriever::note_failure(Session& session, const InstanceRecord& record, const std::string& reason,
                             const SubOperations& operations) {
  if (operations.failed() + operations.warnings() > kFailuresLoggedEach) return;
  journal_.log(LogLevel::warning, "an object could not be sent without trouble: " + reason,
               {{"calling_ae_title", session.association.calling_ae_title()},
                {"sop_instance_uid", std::string(record.sop_instance_uid)}});
}

}  // namespace fermata::dimse
