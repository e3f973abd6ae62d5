#pragma once
#include <dcmtk/config/osconfig.h>
#include <dcmtk/dcmnet/assoc.h>

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "association.hpp"
#include "client.hpp"
#include "fermata/memory_budget.hpp"
#include "upper-layer/pdv_reader.hpp"
#include "upper-layer/socket.hpp"

namespace fermata::dimse {

struct DestroyAssociation {
  void operator()(T_ASC_Association* association) const { ASC_destroyAssociation(&association); }
};
struct DestroyParameters {
  void operator()(T_ASC_Parameters* parameters) const { ASC_destroyAssociationParameters(&parameters); }
};
/// DCMTK's association: the state machine of PS3.8 9.2 and the PDUs. It calls our Socket for every byte.
using UpperLayer = std::unique_ptr<T_ASC_Association, DestroyAssociation>;
using AssociationParameters = std::unique_ptr<T_ASC_Parameters, DestroyParameters>;

/// Parameters with this implementation's name and the maximum PDU length that it offers.
AssociationParameters make_parameters(uint32_t maximum_pdu);

/// Reads A-ASSOCIATE-RQ from a connection that was accepted. AssociationLost if what comes is something else.
UpperLayer receive_request(const std::shared_ptr<Socket>& socket, uint32_t maximum_pdu);

/// Sends A-ASSOCIATE-RQ over an open connection and reads the answer. Error refused with the peer's reason, or
/// unavailable.
UpperLayer send_request(const std::shared_ptr<Socket>& socket, AssociationParameters parameters);

/// For role selection.
T_ASC_SC_ROLE dcmtk_role(Role role);

/// The peer's reason to reject, as a sentence (PS3.8 9.3.4).
std::string rejection_text(const T_ASC_RejectParameters& rejection);

/// What is underneath an Association. DCMTK negotiates and releases it; messages we read and write ourselves: see
/// PdvReader, and `write`.
class Association::Transport {
 public:
  Transport(UpperLayer established, std::shared_ptr<Socket> connection)
      : upper_layer(std::move(established)),
        socket(std::move(connection)),
        reader(*socket, static_cast<uint32_t>(upper_layer->params->ourMaxPDUReceiveSize)) {}

  UpperLayer upper_layer;
  std::shared_ptr<Socket> socket;
  PdvReader reader;
  std::string calling_ae_title;
  std::string called_ae_title;
  std::string peer_address;
  std::string peer_implementation;
  std::vector<PresentationContext> contexts;
  int interrupt = -1;  ///< a descriptor that, once readable, ends the association when it is idle
  std::chrono::milliseconds release_timeout{10000};
  MessageLimits limits;
  std::optional<MemoryBudget::Share> memory;  ///< for data sets that are held in it; without a value: not counted
  /// Is told the name of the limit that a peer has reached.
  std::function<void(std::string_view)> limit_reached = [](std::string_view) {};
  /// Is called when the peer's request to release is about to be answered: with the answer it may come again at once.
  std::function<void()> releasing = [] {};

  std::vector<uint16_t> cancelled_messages;
  std::optional<Message> read_early;  ///< a message that `cancelled` came across
  uint8_t data_set_context = 0;       ///< of the data set that is to be read next, or 0
  std::vector<std::byte> fragment;    ///< of a data set that is being sent
  bool released = false;
  bool lost = false;
  std::string why_lost;

  bool next_pdv(Pdv& pdv);  ///< false: A-RELEASE-RQ has come instead
  std::optional<Message> read_message();
  bool may_hold(std::size_t bytes);
  void write(uint8_t context_id, DUL_DATAPDV kind, bool last, std::span<const std::byte> bytes);
  void flush();
  void answer_release();
  std::size_t largest_fragment() const;
  void check() const;
  [[noreturn]] void lose(const std::string& why);
  /// Who ends it, and why (PS3.8 9.3.8): the user of the association unless something else is said.
  void abort(uint8_t source = 0, uint8_t reason = 0) noexcept;
};

}  // namespace fermata::dimse
