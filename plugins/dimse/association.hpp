#pragma once
#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "command_set.hpp"

namespace fermata::dimse {

/// One accepted Presentation Context and what was agreed for its SOP Class.
struct PresentationContext {
  uint8_t id = 0;
  std::string abstract_syntax;
  std::string transfer_syntax;
  bool peer_is_scp = false;         ///< role selection lets the peer receive on it (PS3.7 D.3.3.4)
  bool relational = false;          ///< relational queries or retrievals (PS3.4 C.5.1.1, C.5.2.1)
  bool combined_date_time = false;  ///< combined date and time matching (PS3.4 C.5.1.1)
};

struct Message {
  uint8_t context_id = 0;
  CommandSet command;
};

/// What one message of a peer may take.
struct MessageLimits {
  std::size_t command = 1024 * 1024;
  std::size_t identifier = 16 * 1024 * 1024;  ///< of queries and retrievals
  std::size_t data_set = 64 * 1024 * 1024;    ///< that is held in memory: of services other than Storage
  std::size_t largest_held() const { return std::max(identifier, data_set); }
};

/// As received, in one transfer syntax, and in one form.
constexpr uint64_t memory_of_a_data_set(uint64_t bytes) { return 3 * bytes; }

class RequestQueue;

/// The association is no more: aborted, timed out, or the network failed.
class AssociationLost : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// An established association, as acceptor or requestor: sends and receives messages, one at a time (PS3.7, PS3.8).
///
/// *Provided by* the acceptor and Client; *used by* the services.
/// **Thread**: one at a time, except `abort_soon`. **Ownership**: closes the connection in its destructor, with A-ABORT
/// if it was not released.
/// **Errors**: AssociationLost wherever bytes are sent or received; after it, every further call throws it again.
class Association {
 public:
  /// Reads the next piece of a data set that is being sent: fills `into` from `offset` on, returns the number of bytes.
  using Read = std::function<std::size_t(uint64_t offset, std::span<std::byte> into)>;
  using Sink = std::function<void(std::span<const std::byte>)>;

  class Transport;  ///< the upper layer underneath
  explicit Association(std::unique_ptr<Transport> transport);
  ~Association();
  Association(const Association&) = delete;
  Association& operator=(const Association&) = delete;

  const std::string& calling_ae_title() const;
  const std::string& called_ae_title() const;
  const std::string& peer_address() const;         ///< numeric
  const std::string& peer_implementation() const;  ///< its Implementation Version Name, for logs
  uint32_t peer_maximum_pdu() const;               ///< 0: unlimited
  std::span<const PresentationContext> contexts() const;
  const PresentationContext* context(uint8_t id) const;  ///< null if it was not accepted

  /// The next message's command; empty: the peer has released (which was answered). A data set of the message before
  /// that nobody took is read and dropped first. C-CANCEL-RQ does not come out here but in `cancelled`.
  std::optional<Message> receive(std::chrono::milliseconds timeout);
  /// The same, for whoever waits for the peer's next request: while there is none, requests of ours are sent.
  std::optional<Message> next_request(std::chrono::milliseconds timeout);
  /// Where other threads leave such requests. Made at the first call; their responses never come out of `receive`.
  std::shared_ptr<RequestQueue> requests();
  /// The data set of the message received last, piece by piece as the PDVs come. Nothing if it has none. An exception
  /// of `sink` passes through; the rest of the data set is then dropped by the next `receive`.
  void receive_data_set(const Sink& sink);
  /// The same, collected. Error invalid if it is longer than `limit`, out_of_memory if there is none left of what all
  /// associations may hold together.
  std::vector<std::byte> receive_data_set(std::size_t limit);

  /// Send a message. `has_data_set` of the command is set accordingly.
  void send(uint8_t context_id, const CommandSet& command);
  void send(uint8_t context_id, const CommandSet& command, std::span<const std::byte> data_set);
  /// The same, but it may stay here until the next message, `cancelled` or `receive`: many small ones go as one.
  void send_soon(uint8_t context_id, const CommandSet& command, std::span<const std::byte> data_set);
  /// Streamed. An exception of `read` leaves half a message behind: the association is aborted, then it passes through.
  void send(uint8_t context_id, const CommandSet& command, uint64_t length, const Read& read);

  const MessageLimits& limits() const;
  /// Counts that the peer has reached one that only a reader of its data sets knows.
  void limit_reached(std::string_view name) const;
  /// Waits until something has come: a message, or the end. False: nothing in this time.
  bool has_message(std::chrono::milliseconds limit);
  /// Without waiting: C-CANCEL-RQ for this message has come, or the peer is gone.
  bool cancelled(uint16_t message_id);
  bool gone() const;  ///< as far as is known from the calls before

  void release();         ///< as requestor; does not throw
  void abort() noexcept;  ///< A-ABORT and close
  /// Makes a call that waits for the peer throw AssociationLost. **Thread**: any.
  void abort_soon() noexcept;

 private:
  std::optional<Message> receive(std::chrono::milliseconds timeout, bool idle);
  void wait_for_message(std::chrono::milliseconds timeout, bool idle);
  void remember_cancel(uint16_t message_id);
  void write_command(uint8_t context_id, const CommandSet& command, bool has_data_set);

  std::unique_ptr<Transport> transport_;
  std::shared_ptr<RequestQueue> requests_;  ///< null until somebody asks for it
};

}  // namespace fermata::dimse
