#include "admission/reception.hpp"

#include <algorithm>
#include <array>
#include <cstdio>

#include "admission/rejection.hpp"
#include "fermata/error.hpp"
#include "node_certificates.hpp"
#include "upper-layer/association_parameters.hpp"
#include "upper-layer/socket.hpp"
#include "upper-layer/upper_layer.hpp"
#include "verification.hpp"

namespace fermata::dimse {
namespace {

constexpr std::string_view kApplicationContext = "1.2.840.10008.3.1.1.1";
constexpr std::size_t kMostContexts = 128;  // identifiers are odd and below 256 (PS3.8 9.3.2.2)

std::string seconds_since(Socket::Clock::time_point start) {
  const auto elapsed = std::chrono::duration<double>(Socket::Clock::now() - start).count();
  std::array<char, 32> text{};
  std::snprintf(text.data(), text.size(), "%.3f", elapsed);
  return text.data();
}

bool is_loopback(const std::string& address) { return address.starts_with("127.") || address == "::1"; }

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
  UserCheck::Known user;

  Caller caller() const {
    return {calling_ae_title, called_ae_title, address, tls, certificate.subject, certificate.fingerprint, user.name};
  }
};

Reception::Reception(ReceptionSettings settings, ApplicationEntities& application_entities, const SopClasses& classes,
                     const Journal& journal)
    : settings_(std::move(settings)),
      application_entities_(application_entities),
      classes_(classes),
      journal_(journal),
      users_(settings_.users, journal),
      seats_(settings_.maximum_associations, settings_.associations_per_address),
      data_sets_(std::max(settings_.data_sets, memory_of_a_data_set(settings_.messages.largest_held())),
                 "requests with large data sets", "limits.data_sets", journal) {}

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
  arrival.calling_ae_title = field_text(parameters.callingAPTitle);
  arrival.called_ae_title = field_text(parameters.calledAPTitle);
  arrival.offers = offers_of(*arrival.request->params);
}

void Reception::receive(const std::shared_ptr<Socket>& socket, Arrival& arrival, int interrupt) {
  take_request(socket, arrival);
  // Connections without a request have no seat: whoever only connects takes nothing away from others.
  Seats::Seat seat(seats_, arrival.address);
  if (!fits(arrival, seat.kind())) return;
  if (!admit(arrival)) return;
  const auto association = acknowledge(socket, arrival, interrupt, seat);
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
  try {
    arrival.user =
        users_.check(*arrival.request->params, {arrival.address, arrival.tls || is_loopback(arrival.address)},
                     arrival.calling_ae_title);
  } catch (const Error& error) {
    turn_away(arrival, error.what(), Rejection::by_provider());
    return false;
  }
  const auto admission = application_entities_.admit(arrival.caller());
  arrival.rights = admission.rights & arrival.user.rights;
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
                                                    int interrupt, Seats::Seat& seat) {
  auto& parameters = *arrival.request->params;
  auto contexts = answer_contexts(parameters, arrival.offers, arrival.answers);
  if (ASC_acknowledgeAssociation(arrival.request.get()).bad() || !socket->flush())
    throw AssociationLost("the connection failed while the association was being accepted");
  socket->set_deadline({});
  socket->set_pace(settings_.stall_timeout, settings_.stall_bytes);
  auto transport = std::make_unique<Association::Transport>(std::move(arrival.request), socket);
  transport->contexts = std::move(contexts);
  transport->calling_ae_title = arrival.calling_ae_title;
  transport->called_ae_title = arrival.called_ae_title;
  transport->peer_address = arrival.address;
  transport->peer_implementation = field_text(parameters.theirImplementationVersionName);
  transport->interrupt = interrupt;
  transport->limits = settings_.messages;
  transport->memory.emplace(data_sets_);
  transport->limit_reached = [this](std::string_view limit) {
    journal_.count("limit_" + std::string(limit) + "_total", 1);
  };
  transport->releasing = [&seat] { seat.give_back(); };
  return std::make_unique<Association>(std::move(transport));
}

void Reception::run(Association& association, const Arrival& arrival) {
  const auto start = Socket::Clock::now();
  journal_.count("associations_total", 1);
  Session session{association, arrival.rights, arrival.caller(), {}, arrival.user.identity.get()};
  const auto summary = Dispatcher(classes_, journal_, {settings_.idle_timeout, settings_.lifetime}).run(session);
  const bool released = summary.end == AssociationSummary().end;
  if (!released) journal_.count("associations_lost_total", 1);
  journal_.log(LogLevel::info, released ? "association ended" : "association ended: " + summary.end,
               {{"calling_ae_title", association.calling_ae_title()},
                {"called_ae_title", association.called_ae_title()},
                {"address", association.peer_address()},
                {"tls", arrival.tls ? "yes" : "no"},
                {"user", arrival.user.name},
                {"implementation", association.peer_implementation()},
                {"stores", std::to_string(summary.stores)},
                {"queries", std::to_string(summary.queries)},
                {"retrievals", std::to_string(summary.retrievals)},
                {"others", std::to_string(summary.others)},
                {"seconds", seconds_since(start)}});
}

}  // namespace fermata::dimse
