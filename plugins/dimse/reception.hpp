#pragma once
#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "association.hpp"
#include "dispatcher.hpp"
#include "fermata/application_entities.hpp"
#include "fermata/journal.hpp"
#include "negotiation.hpp"
#include "sop_classes.hpp"

namespace fermata::dimse {

class Socket;

struct ReceptionSettings {
  std::string ae_title = "FERMATA";
  bool check_called_ae_title = false;
  NegotiationSettings negotiation;
  unsigned maximum_associations = 200;
  uint32_t maximum_pdu = 131072;
  std::chrono::milliseconds request_timeout{10000};  ///< for the whole of A-ASSOCIATE-RQ
  std::chrono::milliseconds idle_timeout{60000};     ///< between messages, and between the bytes of one
  std::chrono::milliseconds write_timeout{60000};
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

  /// `interrupt`: a descriptor that, once readable, ends the association as soon as it is idle.
  void serve(const std::shared_ptr<Socket>& socket, int interrupt);

 private:
  struct Arrival;
  struct Rejection;
  class Seat;

  bool speaks_dicom(Socket& socket, const std::string& address) const;
  void receive(const std::shared_ptr<Socket>& socket, Arrival& arrival, int interrupt);
  bool admit(Arrival& arrival);
  void reject(Arrival& arrival, const Rejection& rejection);
  void turn_away(Arrival& arrival, const std::string& why, const Rejection& rejection);
  std::unique_ptr<Association> acknowledge(const std::shared_ptr<Socket>& socket, Arrival& arrival, int interrupt);
  void run(Association& association, Rights rights);

  ReceptionSettings settings_;
  ApplicationEntities& application_entities_;
  const SopClasses& classes_;
  const Journal& journal_;
  std::atomic<unsigned> associations_{0};
};

}  // namespace fermata::dimse
