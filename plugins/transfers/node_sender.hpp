#pragma once
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "context_groups.hpp"
#include "fermata/dimse_client.hpp"
#include "open_associations.hpp"

namespace fermata::transfers {

/// Sends instances to one node, on one association at a time: where an instance's SOP class is in another group of
/// contexts, that association is opened in place of the other.
///
/// **Thread**: one. **Ownership**: borrows client and `open`. **Errors**: unavailable (nobody answers, the association
/// is lost, or the node is out of resources), and what DimseClient::open says of the node.
class NodeSender {
 public:
  NodeSender(DimseClient& client, OpenAssociations& open, std::string node, StoredKinds kinds,
             std::vector<std::string> preferred);
  ~NodeSender();
  NodeSender(const NodeSender&) = delete;
  NodeSender& operator=(const NodeSender&) = delete;

  enum class Outcome { taken, not_taken, gone };
  /// Gone: it is in the archive no more. Not taken: `reason` says why.
  Outcome send(const InstanceRecord& record);
  const std::string& reason() const { return reason_; }

 private:
  DimseAssociation& association_for(const InstanceRecord& record);
  void know(const InstanceRecord& record);
  void close();
  Outcome judge(uint16_t status);

  DimseClient& client_;
  OpenAssociations& open_;
  const std::string node_;
  StoredKinds kinds_;
  const std::vector<std::string> preferred_;
  std::optional<ContextGroups> groups_;
  std::unique_ptr<DimseAssociation> association_;
  std::size_t group_ = 0;
  std::string reason_;
};

}  // namespace fermata::transfers
