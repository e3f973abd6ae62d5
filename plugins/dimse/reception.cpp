#include "reception.hpp"

#include <dcmtk/config/osconfig.h>
#include <dcmtk/dcmnet/lst.h>

#include <algorithm>
#include <array>
#include <cstdio>

#include "fermata/error.hpp"
#include "socket.hpp"
#include "upper_layer.hpp"
#include "verification.hpp"

namespace fermata::dimse {
namespace {

constexpr std::string_view kApplicationContext = "1.2.840.10008.3.1.1.1";
constexpr uint32_t kLargestRequest = 1024 * 1024;
constexpr std::string_view kQueryClasses = "1.2.840.10008.5.1.4.1.2.";

Role role_of(DUL_SC_ROLE role) {
  switch (role) {
    case DUL_SC_ROLE_SCU:
      return Role::scu;
    case DUL_SC_ROLE_SCP:
      return Role::scp;
    case DUL_SC_ROLE_SCUSCP:
      return Role::both;
    default:
      return Role::standard;
  }
}

template <class Node, class Visit>
void for_each(LST_HEAD*& list, Visit visit) {
  if (list == nullptr) return;
  auto* node = LST_Head(&list);
  LST_Position(&list, node);
  for (; node != nullptr; node = LST_Next(&list)) visit(*reinterpret_cast<Node*>(node));
}

std::vector<ContextOffer> offers_of(T_ASC_Parameters& parameters) {
  std::vector<ContextOffer> offers;
  for_each<DUL_PRESENTATIONCONTEXT>(
      parameters.DULparams.requestedPresentationContext, [&](DUL_PRESENTATIONCONTEXT& context) {
        ContextOffer offer;
        offer.id = context.presentationContextID;
        offer.abstract_syntax = context.abstractSyntax;
        offer.role = role_of(context.proposedSCRole);
        for_each<DUL_TRANSFERSYNTAX>(context.proposedTransferSyntax, [&](DUL_TRANSFERSYNTAX& syntax) {
          offer.transfer_syntaxes.emplace_back(syntax.transferSyntax);
        });
        offers.push_back(std::move(offer));
      });
  return offers;
}

void answer(T_ASC_Parameters& parameters, const ContextAnswer& answer) {
  if (answer.result == ContextAnswer::Result::accepted)
    ASC_acceptPresentationContext(&parameters, answer.id, answer.transfer_syntax.c_str(), dcmtk_role(answer.role));
  else
    ASC_refusePresentationContext(&parameters, answer.id, static_cast<T_ASC_P_ResultReason>(answer.result));
}

/// Answers SOP Class Extended Negotiation of Query/Retrieve (PS3.4 C.5): we always do relational queries, and combine
/// date and time if asked to; what else there is, is declined. Tells the contexts what was agreed.
void negotiate_extensions(T_ASC_Parameters& parameters, std::span<PresentationContext> contexts) {
  SOPClassExtendedNegotiationSubItemList* requested = nullptr;
  ASC_getRequestedExtNegList(&parameters, &requested);
  if (requested == nullptr) return;
  auto accepted = std::make_unique<SOPClassExtendedNegotiationSubItemList>();
  for (const auto* item : *requested) {
    const std::string_view uid(item->sopClassUID.c_str(), item->sopClassUID.length());
    const bool known = std::any_of(contexts.begin(), contexts.end(),
                                   [&](const PresentationContext& c) { return c.abstract_syntax == uid; });
    if (!known || !uid.starts_with(kQueryClasses) || item->serviceClassAppInfoLength == 0) continue;
    const bool find = uid.ends_with(".1");
    auto reply = std::make_unique<SOPClassExtendedNegotiationSubItem>();
    reply->sopClassUID = item->sopClassUID;
    reply->serviceClassAppInfoLength = item->serviceClassAppInfoLength;
    reply->serviceClassAppInfo = new unsigned char[item->serviceClassAppInfoLength]();
    const auto agree = [&](unsigned short byte) {
      const bool wanted = byte < item->serviceClassAppInfoLength && item->serviceClassAppInfo[byte] == 1;
      if (wanted) reply->serviceClassAppInfo[byte] = 1;
      return wanted;
    };
    const bool relational = agree(0);
    const bool combined_date_time = find && agree(1);
    for (auto& context : contexts) {
      if (context.abstract_syntax != uid) continue;
      context.relational = relational;
      context.combined_date_time = combined_date_time;
    }
    accepted->push_back(reply.release());
  }
  if (!accepted->empty()) ASC_setAcceptedExtNegList(&parameters, accepted.release());
}

std::string trimmed(const char* text) {
  std::string_view view(text);
  while (!view.empty() && view.front() == ' ') view.remove_prefix(1);
  while (!view.empty() && view.back() == ' ') view.remove_suffix(1);
  return std::string(view);
}

std::string seconds_since(Socket::Clock::time_point start) {
  const auto elapsed = std::chrono::duration<double>(Socket::Clock::now() - start).count();
  std::array<char, 32> text{};
  std::snprintf(text.data(), text.size(), "%.3f", elapsed);
  return text.data();
}

std::string refusal_text(Admission::Verdict verdict) {
  switch (verdict) {
    case Admission::Verdict::wrong_address:
      return "the AE title is known, but not at this address";
    case Admission::Verdict::tls_required:
      return "this AE title has to use TLS";
    default:
      return "the AE title is not known";
  }
}

}  // namespace

/// One A-ASSOCIATE-RQ.
struct Reception::Arrival {
  UpperLayer request;
  std::string calling_ae_title;
  std::string called_ae_title;
  std::string address;
  std::vector<ContextOffer> offers;
  std::vector<ContextAnswer> answers;
  Rights rights = 0;

  Caller caller() const { return {calling_ae_title, called_ae_title, address, false}; }
};

/// The fields of A-ASSOCIATE-RJ (PS3.8 9.3.4).
struct Reception::Rejection {
  T_ASC_RejectParameters fields;

  static Rejection by_user(T_ASC_RejectParametersReason reason) {
    return {{ASC_RESULT_REJECTEDPERMANENT, ASC_SOURCE_SERVICEUSER, reason}};
  }
  static Rejection limit_exceeded() {
    return {{ASC_RESULT_REJECTEDTRANSIENT, ASC_SOURCE_SERVICEPROVIDER_PRESENTATION_RELATED,
             ASC_REASON_SP_PRES_LOCALLIMITEXCEEDED}};
  }
};

/// One of the associations that there may be. Connections without a request don't have one: whoever only connects takes
/// nothing away from others.
class Reception::Seat {
 public:
  Seat(std::atomic<unsigned>& taken, unsigned maximum) : taken_(taken), mine_(taken.fetch_add(1) < maximum) {
    if (!mine_) --taken_;
  }
  ~Seat() {
    if (mine_) --taken_;
  }
  Seat(const Seat&) = delete;
  Seat& operator=(const Seat&) = delete;
  explicit operator bool() const { return mine_; }

 private:
  std::atomic<unsigned>& taken_;
  const bool mine_;
};

Reception::Reception(ReceptionSettings settings, ApplicationEntities& application_entities, const SopClasses& classes,
                     const Journal& journal)
    : settings_(std::move(settings)),
      application_entities_(application_entities),
      classes_(classes),
      journal_(journal) {}

void Reception::serve(const std::shared_ptr<Socket>& socket, int interrupt) {
  Arrival arrival;
  arrival.address = socket->peer_address();
  socket->set_patience(settings_.idle_timeout, settings_.write_timeout);
  socket->set_deadline(Socket::Clock::now() + settings_.request_timeout);
  try {
    if (speaks_dicom(*socket, arrival.address)) receive(socket, arrival, interrupt);
  } catch (const std::exception& error) {
    journal_.log(LogLevel::info, std::string("no association came about: ") + error.what(),
                 {{"address", arrival.address}});
  }
}

/// A look at the first bytes saves DCMTK from guesswork, and tells the administrator what is wrong.
bool Reception::speaks_dicom(Socket& socket, const std::string& address) const {
  const auto head = socket.peek(6);
  const auto at = [&](std::size_t i) { return std::to_integer<uint32_t>(head[i]); };
  std::string problem;
  if (head.empty()) {
    // Port scans and health checks connect and leave: not worth more than a debug line.
    journal_.log(LogLevel::debug, "a connection without a word", {{"address", address}});
    return false;
  }
  if (head.size() >= 2 && at(0) == 0x16 && at(1) == 0x03)
    problem = "it speaks TLS to the plain port";
  else if (head.size() < 6)
    problem = "it did not send an association request in time";
  else if (at(0) != DUL_TYPEASSOCIATERQ)
    problem = "it does not speak DICOM";
  else if ((at(2) << 24 | at(3) << 16 | at(4) << 8 | at(5)) > kLargestRequest)
    problem = "its association request is longer than 1 MiB";
  if (problem.empty()) return true;
  journal_.count("connections_not_dicom_total", 1);
  journal_.log(LogLevel::info, "a connection was closed: " + problem, {{"address", address}});
  return false;
}

void Reception::receive(const std::shared_ptr<Socket>& socket, Arrival& arrival, int interrupt) {
  arrival.request = receive_request(socket, settings_.maximum_pdu);
  const auto& parameters = arrival.request->params->DULparams;
  arrival.calling_ae_title = trimmed(parameters.callingAPTitle);
  arrival.called_ae_title = trimmed(parameters.calledAPTitle);
  arrival.offers = offers_of(*arrival.request->params);
  const Seat seat(associations_, settings_.maximum_associations);
  if (!seat) {
    journal_.log(LogLevel::warning, "an association was rejected: there are as many as `maximum_associations` allows",
                 {{"calling_ae_title", arrival.calling_ae_title}, {"address", arrival.address}});
    reject(arrival, Rejection::limit_exceeded());
    return;
  }
  if (!admit(arrival)) return;
  const auto association = acknowledge(socket, arrival, interrupt);
  run(*association, arrival.rights);
}

bool Reception::admit(Arrival& arrival) {
  if (kApplicationContext != arrival.request->params->DULparams.applicationContextName) {
    turn_away(arrival, "the application context is not DICOM's",
              Rejection::by_user(ASC_REASON_SU_APPCONTEXTNAMENOTSUPPORTED));
    return false;
  }
  if (settings_.check_called_ae_title && arrival.called_ae_title != settings_.ae_title) {
    turn_away(arrival, "it calls " + arrival.called_ae_title + ", but this is " + settings_.ae_title,
              Rejection::by_user(ASC_REASON_SU_CALLEDAETITLENOTRECOGNIZED));
    return false;
  }
  const auto admission = application_entities_.admit(arrival.caller());
  arrival.rights = admission.rights;
  if (admission.verdict != Admission::Verdict::admitted) {
    const bool only_echo = !arrival.offers.empty() &&
                           std::all_of(arrival.offers.begin(), arrival.offers.end(), [](const ContextOffer& offer) {
                             return offer.abstract_syntax == Verification::kSopClass;
                           });
    if (!only_echo || (admission.rights & kMayEcho) == 0) {
      turn_away(arrival, refusal_text(admission.verdict),
                Rejection::by_user(ASC_REASON_SU_CALLINGAETITLENOTRECOGNIZED));
      return false;
    }
    arrival.rights = kMayEcho;
  }
  arrival.answers = negotiate(arrival.offers, classes_, arrival.rights, settings_.negotiation);
  const auto has = [&](ContextAnswer::Result result) {
    return std::any_of(arrival.answers.begin(), arrival.answers.end(),
                       [result](const ContextAnswer& a) { return a.result == result; });
  };
  if (!has(ContextAnswer::Result::accepted) && has(ContextAnswer::Result::user_rejection)) {
    turn_away(arrival, "the AE title is known, but may not do this", Rejection::by_user(ASC_REASON_SU_NOREASON));
    return false;
  }
  return true;
}

void Reception::turn_away(Arrival& arrival, const std::string& why, const Rejection& rejection) {
  const auto wanted = describe(arrival.offers, classes_);
  application_entities_.remember_refused(arrival.caller(), wanted, why);
  reject(arrival, rejection);
  journal_.log(LogLevel::warning, "an association was rejected: " + why,
               {{"calling_ae_title", arrival.calling_ae_title},
                {"called_ae_title", arrival.called_ae_title},
                {"address", arrival.address},
                {"wanted", wanted}});
}

void Reception::reject(Arrival& arrival, const Rejection& rejection) {
  ASC_rejectAssociation(arrival.request.get(), &rejection.fields);
  arrival.request.reset();
  journal_.count("associations_rejected_total", 1);
}

std::unique_ptr<Association> Reception::acknowledge(const std::shared_ptr<Socket>& socket, Arrival& arrival,
                                                    int interrupt) {
  auto& parameters = *arrival.request->params;
  std::vector<PresentationContext> contexts;
  for (std::size_t i = 0; i < arrival.answers.size(); ++i) {
    const auto& given = arrival.answers[i];
    answer(parameters, given);
    if (given.result != ContextAnswer::Result::accepted) continue;
    PresentationContext context;
    context.id = given.id;
    context.abstract_syntax = arrival.offers[i].abstract_syntax;
    context.transfer_syntax = given.transfer_syntax;
    context.peer_is_scp = given.role == Role::scp || given.role == Role::both;
    contexts.push_back(std::move(context));
  }
  negotiate_extensions(parameters, contexts);
  if (ASC_acknowledgeAssociation(arrival.request.get()).bad() || !socket->flush())
    throw AssociationLost("the connection failed while the association was being accepted");
  socket->set_deadline({});
  auto transport = std::make_unique<Association::Transport>(std::move(arrival.request), socket);
  transport->contexts = std::move(contexts);
  transport->calling_ae_title = arrival.calling_ae_title;
  transport->called_ae_title = arrival.called_ae_title;
  transport->peer_address = arrival.address;
  transport->peer_implementation = trimmed(parameters.theirImplementationVersionName);
  transport->interrupt = interrupt;
  return std::make_unique<Association>(std::move(transport));
}

void Reception::run(Association& association, Rights rights) {
  const auto start = Socket::Clock::now();
  journal_.count("associations_total", 1);
  Session session{
      association, rights,
      Caller{association.calling_ae_title(), association.called_ae_title(), association.peer_address(), false}};
  const auto summary = Dispatcher(classes_, journal_, settings_.idle_timeout).run(session);
  const bool released = summary.end == AssociationSummary().end;
  if (!released) journal_.count("associations_lost_total", 1);
  journal_.log(LogLevel::info, released ? "association ended" : "association ended: " + summary.end,
               {{"calling_ae_title", association.calling_ae_title()},
                {"called_ae_title", association.called_ae_title()},
                {"address", association.peer_address()},
                {"implementation", association.peer_implementation()},
                {"stores", std::to_string(summary.stores)},
                {"queries", std::to_string(summary.queries)},
                {"retrievals", std::to_string(summary.retrievals)},
                {"others", std::to_string(summary.others)},
                {"seconds", seconds_since(start)}});
}

}  // namespace fermata::dimse
