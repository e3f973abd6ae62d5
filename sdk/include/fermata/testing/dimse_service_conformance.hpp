#pragma once
#include <catch2/catch.hpp>

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include "fermata/dicom/data_set_view.hpp"
#include "fermata/testing/conformance.hpp"
#include "fermata/testing/dimse_exchange.hpp"
#include "fermata/testing/threads_and_errors.hpp"

// Does a plugin's DIMSE service get on with whatever a peer sends? Each check of kDimseServiceChecks takes what the
// plugin has registered, whatever its SOP Classes mean.
namespace fermata::testing {
namespace dimse_service_checks {

/// Command Fields of the requests (PS3.7 E.1), and one that does not exist.
inline constexpr uint16_t kCommands[] = {0x0001, 0x0010, 0x0020, 0x0021, 0x0030, 0x0100,
                                         0x0110, 0x0120, 0x0130, 0x0140, 0x0150, 0x0fff};

inline bool is_uid(std::string_view uid) {
  if (uid.empty() || uid.size() > 64) return false;
  for (std::size_t begin = 0; begin <= uid.size();) {
    const auto end = std::min(uid.find('.', begin), uid.size());
    const auto component = uid.substr(begin, end - begin);
    if (component.empty() || (component.size() > 1 && component.front() == '0')) return false;
    if (!std::all_of(component.begin(), component.end(), [](char c) { return c >= '0' && c <= '9'; })) return false;
    begin = end + 1;
  }
  return true;
}

inline DimseRequest request(std::string_view sop_class, uint16_t command) {
  DimseRequest r;
  r.command_field = command;
  r.message_id = 1;
  r.event_or_action_type = 1;
  r.sop_class_uid = sop_class;
  r.sop_instance_uid = "1.2.3";
  r.calling_ae_title = "MODALITY";
  r.called_ae_title = "FERMATA";
  r.peer_address = "192.0.2.1";
  return r;
}

/// What is wrong with the answer to one request; empty: nothing.
inline std::string answer_problem(DimseService& service, const DimseRequest& request, std::size_t cancel_after) {
  KeptDimseResponses responses;
  responses.cancel_after = cancel_after;
  try {
    service.handle(request, responses);
  } catch (const Error& error) {
    const bool all_pending = std::all_of(responses.all.begin(), responses.all.end(),
                                         [](const KeptDimseResponse& response) { return response.pending(); });
    return all_pending ? "" : std::string("it throws after its final response: ") + error.what();
  }
  if (responses.all.empty()) return "it sends no response";
  const bool query = request.command_field == 0x0020 || request.command_field == 0x0010 ||
                     request.command_field == 0x0021;  // C-FIND, C-GET, C-MOVE: the ones with pending responses
  for (std::size_t i = 0; i < responses.all.size(); ++i) {
    const auto& response = responses.all[i];
    const bool last = i + 1 == responses.all.size();
    if (response.pending() && last) return "its last response says that more follow";
    if (!response.pending() && !last) return "it goes on after its final response";
    if (response.pending() && !query) return "only C-FIND, C-GET and C-MOVE have pending responses";
    if (response.error_comment.size() > 64) return "an Error Comment has more than 64 characters";
    try {
      for (const auto& element : dicom::DataSetView(response.data_set)) static_cast<void>(element);
    } catch (const Error&) {
      return "a response has a data set that is none";
    }
  }
  return "";
}

template <class Change>
void every_command(RegisteredServices& services, std::size_t cancel_after, Change&& change) {
  for (const auto& registration : services.list())
    for (const auto& sop_class : registration.sop_class_uids)
      for (const auto command : kCommands) {
        auto r = request(sop_class, command);
        change(r);
        INFO("SOP Class " << sop_class << ", Command Field 0x" << std::hex << command);
        CHECK(answer_problem(*registration.service, r, cancel_after) == "");
      }
}

inline void sop_classes_are_uids(RegisteredServices& services) {
  CHECK(!services.list().empty());
  std::vector<std::string> seen;
  for (const auto& registration : services.list()) {
    CHECK(!registration.sop_class_uids.empty());
    for (const auto& uid : registration.sop_class_uids) {
      INFO(uid);
      CHECK(is_uid(uid));
      CHECK(std::count(seen.begin(), seen.end(), uid) == 0);
      seen.push_back(uid);
    }
  }
}

inline void every_command_gets_one_answer(RegisteredServices& services) {
  every_command(services, SIZE_MAX, [](DimseRequest&) {});
}

inline void unknown_commands_fail(RegisteredServices& services) {
  for (const auto& registration : services.list()) {
    KeptDimseResponses responses;
    const auto r = request(registration.sop_class_uids.front(), 0x0fff);
    const auto code = code_of([&] { registration.service->handle(r, responses); });
    CHECK((code != kNoError || (!responses.all.empty() && responses.all.back().status != 0)));
  }
}

inline void what_is_no_data_set_is_answered(RegisteredServices& services) {
  const std::string rubbish("\x10\x00\x10\x00PN\xff\x7f but not that long", 26);
  every_command(services, SIZE_MAX, [&](DimseRequest& r) {
    r.has_data_set = true;
    r.data_set = std::as_bytes(std::span(rubbish.data(), rubbish.size()));
  });
}

inline void a_cancelled_request_ends(RegisteredServices& services) {
  every_command(services, 0, [](DimseRequest&) {});
}

inline void many_associations_at_once(RegisteredServices& services) {
  const auto list = services.list();
  in_threads(4, [&](std::size_t) {
    for (int round = 0; round < 20; ++round)
      for (const auto& registration : list)
        for (const auto command : kCommands) {
          const auto r = request(registration.sop_class_uids.front(), command);
          if (const auto problem = answer_problem(*registration.service, r, SIZE_MAX); !problem.empty())
            throw Error(Code::internal, problem);
        }
  });
}

}  // namespace dimse_service_checks

inline constexpr Check<RegisteredServices> kDimseServiceChecks[] = {
    {"SOP Classes are registered by valid UIDs", dimse_service_checks::sop_classes_are_uids},
    {"every command gets one final response", dimse_service_checks::every_command_gets_one_answer},
    {"unknown commands fail", dimse_service_checks::unknown_commands_fail},
    {"what is no data set is answered", dimse_service_checks::what_is_no_data_set_is_answered},
    {"a cancelled request ends", dimse_service_checks::a_cancelled_request_ends},
    {"many associations at once", dimse_service_checks::many_associations_at_once},
};

}  // namespace fermata::testing
