#pragma once
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "fermata/dimse_client.hpp"

namespace fermata::imports {

/// A study of a node, and how many instances the node says it has; 0: it does not say.
struct RemoteStudy {
  std::string study;
  uint64_t instances = 0;
};

/// Asks a node what it has (C-FIND, Study Root), and has it send studies (C-MOVE).
///
/// Queries name the levels above, one after the other, as the hierarchical model wants it: every archive answers those.
/// **Thread**: one at a time. **Ownership**: borrows the client; holds an association, and opens a new one when that
/// was lost. **Errors**: those of DimseClient and DimseAssociation; refused where the node answers with a failure.
class NodeQueries {
 public:
  NodeQueries(DimseClient& client, std::string node) : client_(client), node_(std::move(node)) {}

  /// Studies of these dates, "YYYYMMDD" or empty, as they are found.
  void studies(const std::string& from, const std::string& to, const std::function<void(RemoteStudy)>& take);
  /// SOP Instance UIDs.
  std::vector<std::string> instances(const std::string& study);
  /// Returns when the node has sent all it wants to send. Not an error: single instances that failed; empty, or what
  /// the node says of that.
  std::string move(const std::string& study, const std::string& destination);

 private:
  std::vector<std::string> find(const char* level, const std::vector<std::pair<uint32_t, std::string>>& keys,
                                uint32_t wanted);
  void request(const DimseRequest& request, DimseResponseSink& sink);

  DimseClient& client_;
  const std::string node_;
  std::unique_ptr<DimseAssociation> association_;
};

}  // namespace fermata::imports
