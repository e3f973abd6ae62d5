#pragma once
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include "fermata/application_entities.hpp"
#include "fermata/c/dimse_services.h"

namespace fermata {

/// One request message (PS3.7). All views are borrowed for the call of `handle`.
struct DimseRequest {
  uint16_t command_field = 0;  ///< PS3.7 E.1: 0x0020 C-FIND-RQ, 0x0130 N-ACTION-RQ, ...
  uint16_t message_id = 0;
  uint16_t event_or_action_type = 0;
  std::string_view sop_class_uid;     ///< Affected or Requested SOP Class UID, whichever the command has
  std::string_view sop_instance_uid;  ///< likewise; may be empty in N-CREATE
  bool has_data_set = false;
  std::span<const std::byte> data_set;   ///< PS3.5 Explicit VR Little Endian, UTF-8, whatever was on the wire
  std::span<const uint32_t> attributes;  ///< Attribute Identifier List of N-GET, as group << 16 | element
  std::string_view calling_ae_title;
  std::string_view called_ae_title;
  std::string_view peer_address;
};

/// One response message. Everything but `status` may be left empty.
struct DimseResponse {
  uint16_t status = 0;  ///< PS3.7 Annex C; 0xFF00 and 0xFF01 are pending: more responses follow
  uint16_t event_or_action_type = 0;
  std::string_view sop_class_uid;  ///< empty: the request's
  std::string_view sop_instance_uid;
  std::string_view error_comment;  ///< at most 64 characters reach the peer
  bool has_data_set = false;
  std::span<const std::byte> data_set;  ///< Explicit VR Little Endian, UTF-8; converted to the Presentation Context's
};

/// Sends the responses of one request. Valid during `handle`.
class DimseResponder {
 public:
  virtual ~DimseResponder() = default;
  virtual void send(const DimseResponse& response) = 0;
  /// The peer has sent C-CANCEL for this request, or is gone.
  virtual bool cancelled() = 0;
};

/// Answers the messages of some SOP Classes.
/// **Thread**: associations call side by side, each on its own thread. **Errors**: an exception before the final
/// response becomes status 0x0110 (processing failure) with its message as Error Comment.
class DimseService {
 public:
  virtual ~DimseService() = default;
  /// Sends pending responses and exactly one final one.
  virtual void handle(const DimseRequest& request, DimseResponder& responder) = 0;
};

/// Where a plugin adds SOP Classes to the archive's Application Entity: a worklist, MPPS, storage commitment, a private
/// one.
///
/// *Provided by* dimse; *used by* plugins that speak a DICOM service. Register in `start`; no association exists
/// before.
/// **Ownership**: the service stays its plugin's and lives until `stop`. **Errors**: conflict (the SOP Class is taken).
class DimseServices {
 public:
  static constexpr const char* kId = FERMATA_DIMSE_SERVICES_ID;
  virtual ~DimseServices() = default;
  /// Callers need all of `rights` to be offered these SOP Classes as abstract syntaxes.
  virtual void add(std::span<const std::string_view> sop_class_uids, Rights rights, DimseService& service) = 0;
};

}  // namespace fermata

#include "fermata/bridge/dimse_services.hpp"  // IWYU pragma: export
