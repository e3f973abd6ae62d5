#pragma once
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "association.hpp"
#include "fermata/dimse_association.hpp"

namespace fermata::dimse {

/// A request of another plugin, ready to be sent (PS3.7 9.1, 10.1). The message ID is still missing.
struct OutgoingRequest {
  uint8_t context_id = 0;
  CommandSet command;
  bool has_data_set = false;
  std::vector<std::byte> data_set;  ///< in the transfer syntax of the context

  /// `where` names the peer. **Errors**: unsupported (no context of its SOP Class was accepted), invalid (its data set
  /// is none).
  OutgoingRequest(const DimseRequest& request, std::span<const PresentationContext> accepted, const std::string& where);
  void send(Association& association, uint16_t message_id);
};

/// A response to it, with its data set in the form in which data sets cross between plugins.
struct IncomingResponse {
  CommandSet command;
  std::vector<std::byte> data_set;

  /// Reads the data set that follows `message`. Error invalid if it is none.
  static IncomingResponse read(Association& association, const Message& message);
  bool is_pending() const;
  bool give_to(DimseResponseSink& sink) const;
};

}  // namespace fermata::dimse
