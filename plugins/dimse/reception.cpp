#include "reception.hpp"

#include <dcmtk/config/osconfig.h>
#include <dcmtk/dcmnet/lst.h>

#include <algorithm>
#include <array>
#include <cstdio>

#include "fermata/error.hpp"
#include "node_certificates.hpp"
#include "socket.hpp"
#include "upper_layer.hpp"
#include "user_identity.hpp"
#include "verification.hpp"

namespace fermata::dimse {
namespace {

constexpr std::string_view kApplicationContext = "1.2.840.10008.3.1.1.1";
constexpr std::size_t kMostContexts = 128;  // identifiers are odd and below 256 (PS3.8 9.3.2.2)
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

bool is_loopback(const std::string& address) { return address.starts_with("127.") || address == "::1"; }

std::string refusal_text(Admission::Verdict verdict) {
  switch (verdict) {
    case Admission::Verdict::wrong_address:
      return "the AE title is known, but not at this address";
    case Admission::Verdict::tls_required:
      return "this AE title has to use TLS";
    case Admission::Verdict::certificate_required:
      return "its certificate is not the one that the node has";
    case Admission::Verdict::user_required:
      return "this AE title has to say who its user is, and prove it";
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
  bool tls = false;
  tls::PeerCertificate certificate;
  std::vector<ContextOffer> offers;
  std::vector<ContextAnswer> answers;
  Rights rights = 0;
  std::unique_ptr<Identity> user;  ///< null: nobody was identified
  std::string user_name;
  Rights rights_of_user = kMayEverything;

  Caller caller() const {
    return {calling_ae_title, called_ae_title, address, tls, certificate.subject, certificate.fingerprint, user_name};
  }
};

/// The fields of A-ASSOCIATE-RJ (PS3.8 9.3.4).
struct Reception::Rejection {
  T_ASC_RejectParameters fields;

  static Rejection by_user(T_ASC_RejectParametersReason reason) {
    return {{ASC_RESULT_REJECTEDPERMANENT, ASC_SOURCE_SERVICEUSER, reason}};
  }
  /// What PS3.7 D.3.3.7 has for a user who is not accepted.
  static Rejection by_provider() {
    return {{ASC_RESULT_REJECTEDPERMANENT, ASC_SOURCE_SERVICEPROVIDER_ACSE_RELATED, ASC_REASON_SP_ACSE_NOREASON}};
  }
  static Rejection limit_exceeded() {
    return {{ASC_RESULT_REJECTEDTRANSIENT, ASC_SOURCE_SERVICEPROVIDER_PRESENTATION_RELATED,
             ASC_REASON_SP_PRES_LOCALLIMITEXCEEDED}};
  }
};

Reception::Reception(ReceptionSettings settings, ApplicationEntities& application_entities, const SopClasses& classes,
                     const Journal& journal)
    : settings_(std::move(settings)),
      application_entities_(application_entities),
      classes_(classes),
      journal_(journal),
      seats_(settings_.maximum_associations, settings_.associations_per_address) {}

void Reception::serve(const std::shared_ptr<Socket>& socket, int interrupt, tls::Context* tls) {
  Arrival arrival;
  arrival.address = socket->peer_address();
  socket->set_patience(settings_.idle_timeout, settings_.write_timeout);
  socket->set_deadline(Socket::Clock::now() + settings_.request_timeout);
  try {
    if (tls == nullptr) {
      if (speaks_dicom(*socket, arrival)) receive(socket, arrival, interrupt);
      return;
    }
    const auto first = socket->first_byte();
    if (first == std::byte{DUL_TYPEASSOCIATERQ})
      turn_to_tls(socket, arrival);
    else if (first && secure(*socket, *tls, arrival) && speaks_dicom(*socket, arrival))
      receive(socket, arrival, interrupt);
  } catch (const std::exception& error) {
    journal_.log(LogLevel::info, std::string("no association came about: ") + error.what(),
                 {{"address", arrival.address}});
  }
}

/// Plain DICOM on the port for TLS: its request tells who to help.
void Reception::turn_to_tls(const std::shared_ptr<Socket>& socket, Arrival& arrival) {
  if (!speaks_dicom(*socket, arrival)) return;
  take_request(socket, arrival);
  journal_.count("plain_on_tls_port_total", 1);
  turn_away(arrival, "it speaks plain DICOM to the port for TLS", Rejection::by_user(ASC_REASON_SU_NOREASON));
}

bool Reception::secure(Socket& socket, tls::Context& tls, Arrival& arrival) {
  const bool done = socket.secure(tls.open(socket.descriptor()));
  arrival.certificate = socket.channel()->peer();
  if (done) {
    arrival.tls = true;
    return true;
  }
  auto why = socket.channel()->problem();
  if (why.empty()) why = socket.fault() == Socket::Fault::timed_out ? "it took too long" : "it broke off";
  if (arrival.certificate) why += " (" + arrival.certificate.subject + ")";
  journal_.count("failed_handshakes_total", 1);
  close_unnamed(arrival, "an association over TLS", "the TLS handshake failed: " + why);
  return false;
}

/// Whoever does not get as far as to say its AE title is remembered as well: the address has to do.
void Reception::close_unnamed(const Arrival& arrival, std::string_view wanted, const std::string& why) const {
  application_entities_.remember_refused(arrival.caller(), wanted, why);
  journal_.log(LogLevel::warning, "a connection was closed: " + why, {{"address", arrival.address}});
}

/// A look at the first bytes saves DCMTK from guesswork, and tells the administrator what is wrong.
bool Reception::speaks_dicom(Socket& socket, const Arrival& arrival) const {
  const auto head = socket.peek(6);
  const auto at = [&](std::size_t i) { return std::to_integer<uint32_t>(head[i]); };
  if (head.empty()) {
    // Port scans and health checks connect and leave: not worth more than a debug line.
    journal_.log(LogLevel::debug, "a connection without a word", {{"address", arrival.address}});
    return false;
  }
  if (!arrival.tls && head.size() >= 2 && at(0) == 0x16 && at(1) == 0x03) {
    journal_.count("tls_on_plain_port_total", 1);
    close_unnamed(arrival, "an association over TLS", "it speaks TLS to the plain port");
    return false;
  }
  std::string problem;
  if (head.size() < 6)
    problem = "it did not send an association request in time";
  else if (at(0) != DUL_TYPEASSOCIATERQ)
    problem = "it does not speak DICOM";
  else if ((at(2) << 24 | at(3) << 16 | at(4) << 8 | at(5)) > settings_.largest_request) {
    journal_.count("limit_association_request_total", 1);
    problem = "its association request is longer than `limits.association_request` allows";
  }
  if (problem.empty()) return true;
  journal_.count("connections_not_dicom_total", 1);
  journal_.log(LogLevel::info, "a connection was closed: " + problem, {{"address", arrival.address}});
  return false;
}

void Reception::take_request(const std::shared_ptr<Socket>& socket, Arrival& arrival) {
  arrival.request = receive_request(socket, settings_.maximum_pdu);
  const auto& parameters = arrival.request->params->DULparams;
  arrival.calling_ae_title = trimmed(parameters.callingAPTitle);
  arrival.called_ae_title = trimmed(parameters.calledAPTitle);
  arrival.offers = offers_of(*arrival.request->params);
}

void Reception::receive(const std::shared_ptr<Socket>& socket, Arrival& arrival, int interrupt) {
  take_request(socket, arrival);
  // Connections without a request have no seat: whoever only connects takes nothing away from others.
  const Seats::Seat seat(seats_, arrival.address);
  if (!fits(arrival, seat.kind())) return;
  if (!admit(arrival)) return;
  const auto association = acknowledge(socket, arrival, interrupt);
  run(*association, arrival);
}

/// False: it is one too many, or asks for too much, and was rejected.
bool Reception::fits(Arrival& arrival, Seats::Seat::Kind seat) {
  using Kind = Seats::Seat::Kind;
  std::string problem;
  if (seat == Kind::none_left) {
    journal_.count("limit_associations_total", 1);
    problem = "there are as many as `maximum_associations` allows";
  } else if (seat == Kind::none_for_address) {
    journal_.count("limit_associations_per_address_total", 1);
    problem = "its address has as many as `limits.associations_per_address` allows";
  } else if (arrival.offers.size() > kMostContexts) {
    journal_.count("limit_contexts_total", 1);
    problem = "it offers more than 128 Presentation Contexts";
  }
  if (problem.empty()) return true;
  journal_.log(LogLevel::warning, "an association was rejected: " + problem,
               {{"calling_ae_title", arrival.calling_ae_title}, {"address", arrival.address}});
  reject(arrival, seat == Kind::taken ? Rejection::by_user(ASC_REASON_SU_NOREASON) : Rejection::limit_exceeded());
  return false;
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
  if (!know_user(arrival)) return false;
  const auto admission = application_entities_.admit(arrival.caller());
  arrival.rights = admission.rights & arrival.rights_of_user;
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
  } else if (shown_ != nullptr && arrival.certificate) {
    shown_->saw(arrival.calling_ae_title, arrival.certificate);
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

/// False: what it says of its user is not so, and it was turned away.
bool Reception::know_user(Arrival& arrival) {
  if (settings_.users == ReceptionSettings::Users::ignored) return true;
  auto& parameters = *arrival.request->params;
  const auto claim = UserClaim::of(parameters);
  try {
    const bool secure = arrival.tls || is_loopback(arrival.address);
    if (claim && authenticator_ != nullptr) arrival.user = identify(*authenticator_, *claim, {arrival.address, secure});
    if (arrival.user) arrival.rights_of_user = rights_of(*arrival.user, kMayEverything);
  } catch (const Error& error) {
    note_login(arrival, claim->kind == UserClaim::Kind::password ? claim->primary : "", error.what());
    turn_away(arrival, std::string("its user is not accepted: ") + error.what(), Rejection::by_provider());
    return false;
  }
  if (arrival.user) {
    arrival.user_name = arrival.user->user();
    note_login(arrival, arrival.user_name, {});
    if (claim->response_wanted) confirm_user(parameters);
  } else if (settings_.users == ReceptionSettings::Users::required) {
    turn_away(arrival, "it has to say who its user is, and prove it", Rejection::by_provider());
    return false;
  }
  return true;
}

/// In the audit trail. `problem`: empty if the user was accepted.
void Reception::note_login(const Arrival& arrival, std::string_view user, std::string_view problem) const {
  journal_.count(problem.empty() ? "users_identified_total" : "users_refused_total", 1);
  if (trail_ == nullptr) return;
  const auto detail =
      "DICOM association of " + arrival.calling_ae_title + (problem.empty() ? "" : ": " + std::string(problem));
  AuditEvent event;
  event.action = audit::kLogin;
  event.outcome = problem.empty() ? AuditEvent::Outcome::success : AuditEvent::Outcome::refused;
  event.user = user;
  event.peer_address = arrival.address;
  event.detail = detail;
  trail_->record(event);
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
  socket->set_pace(settings_.stall_timeout, settings_.stall_bytes);
  auto transport = std::make_unique<Association::Transport>(std::move(arrival.request), socket);
  transport->contexts = std::move(contexts);
  transport->calling_ae_title = arrival.calling_ae_title;
  transport->called_ae_title = arrival.called_ae_title;
  transport->peer_address = arrival.address;
  transport->peer_implementation = trimmed(parameters.theirImplementationVersionName);
  transport->interrupt = interrupt;
  transport->limits = settings_.messages;
  transport->limit_reached = [this](std::string_view limit) {
    journal_.count("limit_" + std::string(limit) + "_total", 1);
  };
  return std::make_unique<Association>(std::move(transport));
}

void Reception::run(Association& association, const Arrival& arrival) {
  const auto start = Socket::Clock::now();
  journal_.count("associations_total", 1);
  Session session{association, arrival.rights, arrival.caller(), {}, arrival.user.get()};
  const auto summary = Dispatcher(classes_, journal_, {settings_.idle_timeout, settings_.lifetime}).run(session);
  const bool released = summary.end == AssociationSummary().end;
  if (!released) journal_.count("associations_lost_total", 1);
  journal_.log(LogLevel::info, released ? "association ended" : "association ended: " + summary.end,
               {{"calling_ae_title", association.calling_ae_title()},
                {"called_ae_title", association.called_ae_title()},
                {"address", association.peer_address()},
                {"tls", arrival.tls ? "yes" : "no"},
                {"user", arrival.user_name},
                {"implementation", association.peer_implementation()},
                {"stores", std::to_string(summary.stores)},
                {"queries", std::to_string(summary.queries)},
                {"retrievals", std::to_string(summary.retrievals)},
                {"others", std::to_string(summary.others)},
                {"seconds", seconds_since(start)}});
}

}  // namespace fermata::dimse
