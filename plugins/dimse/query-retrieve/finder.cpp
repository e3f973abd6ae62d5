#include "query-retrieve/finder.hpp"

#include <algorithm>
#include <chrono>
#include <thread>
#include <utility>

#include "audit_notes.hpp"
#include "fermata/dicom/data_set_writer.hpp"
#include "fermata/error.hpp"
#include "query-retrieve/identifier.hpp"
#include "seen_archive.hpp"
#include "status.hpp"

namespace fermata::dimse {
namespace {

using dicom::DataSetView;

constexpr std::chrono::milliseconds kLongestWait{200};  // between two looks for a cancel
/// Answers that are found faster than this go out together, and between them nobody looks for a cancel.
constexpr std::chrono::milliseconds kTogether{1};

/// What is no key but says how to read the keys, or what every answer gets anyway.
bool is_no_key(dicom::Tag tag) {
  const bool of_commands_or_files = tag.group() < 0x0008;
  return of_commands_or_files || tag == dicom::kSpecificCharacterSet || tag == dicom::kQueryRetrieveLevel ||
         tag == dicom::kRetrieveAeTitle || tag == dicom::kInstanceAvailability;
}

std::vector<std::byte> keys_of(DataSetView identifier) {
  dicom::DataSetWriter keys;
  for (auto it = identifier.begin(); it != identifier.end(); ++it)
    if (!is_no_key(it->tag)) keys.add_encoded(it.encoded());
  return keys.take();
}

std::vector<DataSetEncoder::Fixed> fixed_elements(const QueryRetrieveRequest& request, const std::string& ae_title) {
  std::vector<DataSetEncoder::Fixed> fixed{{dicom::kQueryRetrieveLevel, "CS", std::string(name_of(request.level))},
                                           {dicom::kRetrieveAeTitle, "AE", ae_title}};
  if (DataSetView(request.identifier).find(dicom::kInstanceAvailability))
    fixed.push_back({dicom::kInstanceAvailability, "CS", "ONLINE"});
  return fixed;
}

}  // namespace

void Finder::handle(Session& session, const Message& message) {
  try {
    const auto request = QueryRetrieveRequest::read(session, message);
    keep_pace(session, message);
    if (trail_ != nullptr) note_query(*trail_, session.caller, request);
    const auto final_status = answer(session, message, request);
    session.association.send(message.context_id, CommandSet::response_to(message.command, final_status));
  } catch (const RequestRefused& why) {
    journal_.count("queries_refused_total", 1);
    journal_.log(LogLevel::info, std::string("a query was refused: ") + why.what(),
                 {{"calling_ae_title", session.association.calling_ae_title()},
                  {"address", session.association.peer_address()}});
    session.association.send(message.context_id, refusal(message.command, why));
  }
}

/// Who asks too often waits for its answers; nobody is refused for it.
void Finder::keep_pace(Session& session, const Message& message) {
  bool counted = false;
  while (!session.association.cancelled(message.command.message_id())) {
    const auto wait = rate_.take(session.caller.address);
    if (wait.count() == 0) return;
    if (!std::exchange(counted, true)) journal_.count("limit_queries_total", 1);
    std::this_thread::sleep_for(std::min(wait, kLongestWait));
  }
}

uint16_t Finder::answer(Session& session, const Message& message, const QueryRetrieveRequest& request) {
  auto& association = session.association;
  const auto keys = keys_of(DataSetView(request.identifier));
  const auto fixed = fixed_elements(request, ae_title_);
  DataSetEncoder encoder(association.context(message.context_id)->transfer_syntax);
  const auto pending = CommandSet::response_to(message.command, status::kPending);
  uint64_t answers = 0;
  auto looked = std::chrono::steady_clock::now();
  try {
    Query query;
    query.level = request.level;
    query.identifier = keys;
    query.combined_date_time = request.combined_date_time;
    SeenArchive seen(archive_, session);
    const auto cursor = seen->find(query);
    std::span<const std::byte> match;
    while (cursor->next(match)) {
      if (answers == settings_.results) {
        journal_.count("limit_results_total", 1);
        throw RequestRefused(status::kOutOfResources, "more matches than are sent for one query: ask for less");
      }
      association.send_soon(message.context_id, pending, encoder.encode(DataSetView(match), fixed));
      ++answers;
      if (const auto now = std::chrono::steady_clock::now(); now - looked >= kTogether) {
        if (association.cancelled(message.command.message_id())) return status::kCancelled;
        looked = now;
      }
    }
  } catch (const Error& error) {
    const bool unfit = error.code() == Code::invalid;
    if (!unfit)
      journal_.log(LogLevel::error, std::string("a query could not be answered: ") + error.what(),
                   {{"calling_ae_title", association.calling_ae_title()}});
    const auto failure = error.code() == Code::out_of_memory ? status::kOutOfResources : status::kUnableToProcess;
    throw RequestRefused(unfit ? status::kDataSetMismatch : failure, error.what());
  }
  journal_.count("query_answers_total", answers);
  return status::kSuccess;
}

}  // namespace fermata::dimse
