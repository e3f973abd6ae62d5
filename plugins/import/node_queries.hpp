#pragma once
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "fermata/dimse_client.hpp"
#include "node-retrieval/answers.hpp"

namespace fermata::imports {

/// A study of a node, and how many instances the node says it has; 0: it does not say.
struct RemoteStudy {
  std::string study;
  uint64_t instances = 0;
};

/// An instance of a node. The SOP Class is empty where the node does not say it.
struct RemoteInstance {
  std::string instance;
  std::string sop_class;
};

/// Asks a node what it has (C-FIND, Study Root).
///
/// Queries name the levels above, one after the other, as the hierarchical model wants it: every archive answers those.
/// Each function has an association of its own: a node ends one on which nothing happens while a study is fetched.
/// **Thread**: one at a time. **Ownership**: borrows the client. **Errors**: those of DimseClient and DimseAssociation;
/// refused where the node answers with a failure.
class NodeQueries {
 public:
  NodeQueries(DimseClient& client, std::string node) : client_(client), node_(std::move(node)) {}

  /// Studies of these dates, "YYYYMMDD" or empty, as they are found.
  void studies(const std::string& from, const std::string& to, const std::function<void(RemoteStudy)>& take);
  std::vector<RemoteInstance> instances(const std::string& study);

 private:
  using Match = node_retrieval::Answers::Match;

  std::unique_ptr<DimseAssociation> open();
  std::vector<std::string> series(DimseAssociation& association, const std::string& study);
  /// What the node says if it has not listed all; empty: it has.
  std::string find(DimseAssociation& association, const std::vector<std::byte>& keys, const Match& take);
  void require_all(const std::string& refusal) const;

  DimseClient& client_;
  const std::string node_;
};

}  // namespace fermata::imports
