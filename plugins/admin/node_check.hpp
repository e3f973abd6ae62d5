#pragma once
#include <cstdint>
#include <string>

#include "fermata/dimse_client.hpp"

namespace fermata::admin {

/// What came of asking a node for something.
struct CheckResult {
  enum class Outcome : uint8_t { ok, not_offered, failed };
  Outcome outcome = Outcome::failed;
  std::string message;  ///< why it failed
};

/// Asks a node for a study that does not exist (C-FIND, Study Root). **Errors**: none, they are the result.
CheckResult check_query(DimseClient& client, const std::string& ae_title);
/// Sends it a small image of a patient "FERMATA^TEST" (C-STORE, Secondary Capture).
CheckResult check_send(DimseClient& client, const std::string& ae_title);

}  // namespace fermata::admin
