#pragma once
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include "fermata/c/dimse_association.h"
#include "fermata/index.hpp"

namespace fermata {

/// One request message (PS3.7). All views are borrowed for the call.
struct DimseRequest {
  uint16_t command_field = 0;  ///< PS3.7 E.1: 0x0020 C-FIND-RQ, 0x0130 N-ACTION-RQ, ...
  uint16_t message_id = 0;     ///< of a request that is to be sent: left to the association
  uint16_t event_or_action_type = 0;
  std::string_view sop_class_uid;     ///< Affected or Requested SOP Class UID, whichever the command has
  std::string_view sop_instance_uid;  ///< likewise; may be empty in N-CREATE
  bool has_data_set = false;
  std::span<const std::byte> data_set;   ///< PS3.5 Explicit VR Little Endian, UTF-8, whatever is on the wire
  std::span<const uint32_t> attributes;  ///< Attribute Identifier List of N-GET, as group << 16 | element
  std::string_view calling_ae_title;     ///< this and the next two: where the request came from
  std::string_view called_ae_title;
  std::string_view peer_address;
  std::string_view move_destination;  ///< of C-MOVE: the AE title to which the peer shall send
};

/// A request with a data set, and nothing else that is optional.
inline DimseRequest request_with(std::span<const std::byte> data_set, uint16_t command_field,
                                 std::string_view sop_class_uid) {
  DimseRequest request;
  request.command_field = command_field;
  request.sop_class_uid = sop_class_uid;
  request.has_data_set = true;
  request.data_set = data_set;
  return request;
}

/// One response message. Everything but `status` may be left empty.
struct DimseResponse {
  uint16_t status = 0;  ///< PS3.7 Annex C; 0xFF00 and 0xFF01 are pending: more responses follow
  uint16_t event_or_action_type = 0;
  std::string_view sop_class_uid;  ///< empty: the request's
  std::string_view sop_instance_uid;
  std::string_view error_comment;  ///< at most 64 characters reach the peer
  bool has_data_set = false;
  std::span<const std::byte> data_set;   ///< Explicit VR Little Endian, UTF-8; converted to the Presentation Context's
  std::span<const uint32_t> attributes;  ///< Attribute Identifier List: those that the status is about (PS3.7 C.4)
  uint16_t error_id = 0;                 ///< Error ID (0000,0903); 0: none
};

/// Takes the responses to one request, on the thread that has sent it.
class DimseResponseSink {
 public:
  virtual ~DimseResponseSink() = default;
  /// False: no more are wanted. C-CANCEL is sent, and what still comes is dropped.
  virtual bool take(const DimseResponse& response) = 0;
};

/// An association on which requests can be sent: one that DimseClient has opened, or the one on which the peer has sent
/// us a request (DimseResponder::association).
///
/// On the latter, what the peer sends meanwhile is served as ever: a request of ours goes out when none of the peer's
/// is being answered, and there is one at a time. On one that we have opened, objects that come with C-STORE are taken
/// into the archive where the role of SCP was asked for their SOP Class: so C-GET works. All else is answered with
/// status 0x0211.
/// **Thread**: one at a time, except `abort`. **Ownership**: the destructor releases an association that we have
/// opened; that of the peer stays the peer's.
/// **Errors**: unavailable (lost, released, or no response in time: then the association is of no more use),
/// unsupported (the peer has not accepted that SOP Class), invalid (a data set that is none). The message names AE
/// title, host and port. A status that says "failed" is no error but a response.
class DimseAssociation {
 public:
  virtual ~DimseAssociation() = default;
  /// Sends it on the Presentation Context of its SOP Class and returns when the final response has been taken.
  /// `timeout` is for each response.
  virtual void request(const DimseRequest& request, std::chrono::milliseconds timeout, DimseResponseSink& sink) = 0;
  /// Makes a call that waits fail, and every later one. **Thread**: any.
  virtual void abort() = 0;
  /// Sends an instance of the archive (`record` as `Archive::instances` gives it) with C-STORE, on an association that
  /// we have opened: in the node's preferred transfer syntaxes where it can be given in them, else as it is stored,
  /// else uncompressed, whichever was accepted. **Errors**: also not_found (it was removed meanwhile), io, corrupt.
  virtual void store(const InstanceRecord& record, std::chrono::milliseconds timeout, DimseResponseSink& sink) = 0;
};

}  // namespace fermata

#include "fermata/bridge/dimse_association.hpp"  // IWYU pragma: export
