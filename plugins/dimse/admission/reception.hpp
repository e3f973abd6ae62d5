#pragma once
#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "admission/dispatcher.hpp"
#include "admission/negotiation.hpp"
#include "admission/seats.hpp"
#include "admission/user_check.hpp"
#include "association.hpp"
#include "fermata/application_entities.hpp"
#include "fermata/journal.hpp"
#include "fermata/memory_budget.hpp"
#include "sop_classes.hpp"
#include "tls/context.hpp"

namespace fermata::dimse {

class NodeCertificates;
class Socket;
struct Rejection;

struct ReceptionSettings {
  std::string ae_title = "FERMATA";
  bool check_called_ae_title = false;
  NegotiationSettings negotiation;
  using Users = UserCheck::Demand;
  Users users = Users::optional;
  unsigned maximum_associations = 400;
  unsigned associations_per_address = 200;
  std::size_t largest_request = 1024 * 1024;  ///< A-ASSOCIATE-RQ
  MessageLimits messages;
  uint64_t data_sets = 512ull << 20;  ///< memory for those of all associations that are held in it
  uint32_t maximum_pdu = 131072;
  std::chrono::milliseconds request_timeout{10000};  ///< for the whole of A-ASSOCIATE-RQ
  std::chrono::milliseconds idle_timeout{60000};     ///< between messages, and between the bytes of one
  std::chrono::milliseconds write_timeout{60000};
  std::chrono::milliseconds stall_timeout{60000};  ///< in which at least this much of a message has to come
  std::size_t stall_bytes = 30 * 1024;
  std::chrono::milliseconds lifetime{86400000};  ///< of an association
};

/// Receives one connection: reads its A-ASSOCIATE-RQ, decides whether the caller is let in and to what, answers, and
/// serves the association to its end (PS3.8 7.1).
///
/// Who is unknown may echo, if the application entities say so; a caller that is turned away is remembered for the
/// administrator. A caller that lacks the right to everything it asks for is rejected rather than given an association
/// without contexts: viewers show the one to their users and are at a loss with the other.
///
/// *Used by* the acceptor, on the connection's own thread. **Thread**: any number at once. **Errors**: none.
class Reception {
 public:
  Reception(ReceptionSettings settings, ApplicationEntities& application_entities, const SopClasses& classes,
            const Journal& journal);

  /// Who tells what users may, and takes down that they came; both may be null. Before the first `serve`.
  void use(Authenticator* authenticator, AuditTrail* trail) { users_.use(authenticator, trail); }
  /// Who hears of the certificates of those that are admitted. Before the first `serve`.
  void use(NodeCertificates& shown) { shown_ = &shown; }

  /// `interrupt`: a descriptor that, once readable, ends the association as soon as it is idle. `tls`: what the
  /// connection has to speak; null: plain DICOM.
  void serve(const std::shared_ptr<Socket>& socket, int interrupt, tls::Context* tls = nullptr);

 private:
  struct Arrival;

  bool secure(Socket& socket, tls::Context& tls, Arrival& arrival);
  void turn_to_tls(const std::shared_ptr<Socket>& socket, Arrival& arrival);
  bool speaks_dicom(Socket& socket, const Arrival& arrival) const;
  void close_unnamed(const Arrival& arrival, std::string_view wanted, const std::string& why) const;
  void take_request(const std::shared_ptr<Socket>& socket, Arrival& arrival);
  void receive(const std::shared_ptr<Socket>& socket, Arrival& arrival, int interrupt);
  bool fits(Arrival& arrival, Seats::Seat::Kind seat);
  bool admit(Arrival& arrival);
  void reject(Arrival& arrival, const Rejection& rejection);
  void turn_away(Arrival& arrival, const std::string& why, const Rejection& rejection);
  std::unique_ptr<Association> acknowledge(const std::shared_ptr<Socket>& socket, Arrival& arrival, int interrupt,
                                           Seats::Seat& seat);
  void run(Association& association, const Arrival& arrival);

  ReceptionSettings settings_;
  ApplicationEntities& application_entities_;
  const SopClasses& classes_;
  const Journal& journal_;
  NodeCertificates* shown_ = nullptr;
  UserCheck users_;
  Seats seats_;
  MemoryBudget data_sets_;
};

}  // namespace fermata::dimse
