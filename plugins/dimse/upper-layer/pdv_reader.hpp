#pragma once
#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "upper-layer/socket.hpp"

namespace fermata::dimse {

/// What A-ABORT says of the service-provider's reason (PS3.8 9.3.8).
namespace abort_reason {
inline constexpr uint8_t kUnrecognizedPdu = 1;
inline constexpr uint8_t kUnexpectedPdu = 2;
inline constexpr uint8_t kInvalidParameter = 6;
}  // namespace abort_reason

/// One Presentation Data Value: a fragment of a command or of a data set (PS3.8 9.3.5.1, Annex E).
struct Pdv {
  uint8_t context_id = 0;
  bool is_command = false;
  bool is_last = false;
  std::span<const std::byte> fragment;  ///< valid until the next one is read
};

/// Reads what comes on an established association, PDU by PDU.
///
/// DCMTK does this too, but loses its way in a PDU with three or more PDVs of different lengths, and then reads past
/// the end of its buffer (DUL_NextPDV, 3.6.7). *Used by* Association. **Thread**: one at a time. **Ownership**: borrows
/// the socket; holds one PDU. **Errors**: none thrown; they are events.
class PdvReader {
 public:
  enum class Event {
    pdv,
    release_requested,
    aborted,   ///< by the peer
    closed,    ///< or failed, or timed out: the socket knows
    too_long,  ///< a PDU is longer than it may be, otherwise as `broken`
    broken,    ///< the peer does not keep to the protocol: `problem` says how
  };

  /// `maximum_pdu`: as it was offered to the peer.
  PdvReader(Socket& socket, uint32_t maximum_pdu) : socket_(socket), maximum_pdu_(maximum_pdu) {}

  /// Another PDV of the last PDU is there already.
  bool has_next() const { return !rest_.empty(); }
  Event next(Pdv& pdv);
  const std::string& problem() const { return problem_; }
  /// What A-ABORT has to say of the problem (PS3.8 9.3.8).
  uint8_t reason() const { return reason_; }

 private:
  Event read_pdu();
  bool fill(std::span<std::byte> into);
  bool check_lengths() const;
  Event breaks(std::string problem, uint8_t reason, Event how = Event::broken);

  Socket& socket_;
  uint32_t maximum_pdu_;
  std::vector<std::byte> pdu_;
  std::span<const std::byte> rest_;  ///< of pdu_, from the next PDV on
  std::string problem_;
  uint8_t reason_ = 0;
};

}  // namespace fermata::dimse
