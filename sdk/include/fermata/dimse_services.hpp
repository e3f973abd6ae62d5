#pragma once
#include <memory>
#include <span>
#include <string_view>

#include "fermata/application_entities.hpp"
#include "fermata/c/dimse_services.h"
#include "fermata/dimse_association.hpp"

namespace fermata {

/// Sends the responses of one request. Valid during `handle`.
class DimseResponder {
 public:
  virtual ~DimseResponder() = default;
  virtual void send(const DimseResponse& response) = 0;
  /// The peer has sent C-CANCEL for this request, or is gone.
  virtual bool cancelled() = 0;
  /// The association that the request came on, for a request of our own, such as N-EVENT-REPORT: from any thread, but
  /// not from within `handle`. It may be kept; once the peer has released, its calls are Error unavailable.
  virtual std::unique_ptr<DimseAssociation> association() = 0;
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
