#pragma once
#include <cstdint>
#include <memory>
#include <span>
#include <string_view>

#include "fermata/c/dimse_client.h"
#include "fermata/dimse_association.hpp"

namespace fermata {

/// Who we are on a Presentation Context (PS3.7 D.3.3.4).
enum class DimseRole : uint32_t {
  scu = FERMATA_DIMSE_ROLE_SCU,
  scp = FERMATA_DIMSE_ROLE_SCP,  ///< as for N-EVENT-REPORT, which an SCP sends
  both = FERMATA_DIMSE_ROLE_BOTH,
};

/// A SOP Class that an association is proposed for.
struct DimseContext {
  std::string_view abstract_syntax;
  std::span<const std::string_view> transfer_syntaxes;  ///< empty: Explicit and Implicit VR Little Endian
  DimseRole role = DimseRole::scu;
};

/// A node of ApplicationEntities, which knows its host, its port, and whether it wants TLS.
struct DimseDestination {
  std::string_view ae_title;
  /// Where it called us from, if it did: a trusted caller that is no node is found at its own address.
  std::string_view caller_address;
  std::string_view calling_ae_title;  ///< ours, where the peer knows us by another one than the archive's
};

/// Opens associations to other Application Entities.
///
/// *Provided by* dimse; *used by* plugins that send, ask or report something on their own account.
/// **Thread**: any number at once; `open` waits for the peer as long as dimse's `timeouts` allow.
/// **Ownership**: the association is the caller's, and ends before the caller's `stop`.
/// **Errors**: not_found (no node of this AE title, or one that can't be reached), unavailable (nobody answers there),
/// refused (rejected, or no context accepted), unsupported (TLS without certificates), invalid (no context, or more
/// than 128). The message names AE title, host and port.
class DimseClient {
 public:
  static constexpr const char* kId = FERMATA_DIMSE_CLIENT_ID;
  virtual ~DimseClient() = default;
  /// A role that the peer does not confirm is taken all the same: many peers answer none and behave well.
  virtual std::unique_ptr<DimseAssociation> open(const DimseDestination& destination,
                                                 std::span<const DimseContext> contexts) = 0;
};

}  // namespace fermata

#include "fermata/bridge/dimse_client.hpp"  // IWYU pragma: export
