#pragma once
#include <boost/json.hpp>
#include <cstdint>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

#include "fermata/dimse_client.hpp"

namespace fermata::admin {

/// What came of a C-ECHO that we sent to a node.
struct EchoResult {
  bool ok = false;
  int64_t milliseconds = 0;
  std::string message;  ///< why not, in words
  int64_t time_us = 0;
};

/// Verifies connections (PS3.4 Annex A), and remembers the last result for each node until the program ends.
///
/// **Thread**: any. **Ownership**: borrows the client. **Errors**: none of the other side's: they are the result.
class Echo {
 public:
  explicit Echo(DimseClient& client) : client_(client) {}

  /// Waits for the peer as long as dimse's time limits say, and then some seconds for its answer.
  EchoResult run(const std::string& ae_title);
  std::optional<EchoResult> last(std::string_view ae_title) const;
  void forget(std::string_view ae_title);

 private:
  DimseClient& client_;
  mutable std::mutex mutex_;
  std::map<std::string, EchoResult, std::less<>> last_;
};

}  // namespace fermata::admin
