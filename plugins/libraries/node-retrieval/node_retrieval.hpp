#pragma once
#include <functional>
#include <memory>
#include <string>

#include "fermata/dimse_client.hpp"
#include "receiving_contexts.hpp"

namespace fermata::node_retrieval {

/// What is wanted of a node: a study, a series of it, or one instance of that.
struct Wanted {
  std::string study;
  std::string series = {};
  std::string instance = {};
  Kinds kinds = {};  ///< of the objects that are to come
};

/// Has a node send objects to this archive (PS3.4 C.4.2, C.4.3, Study Root). They come in like all others; whoever
/// asked sees in the archive what has come.
///
/// C-GET goes first: nothing has to be known on the other side for it. A node that turns out not to answer it is asked
/// with C-MOVE at once the next time.
/// **Thread**: one at a time. **Ownership**: borrows the client. **Errors**: those of DimseClient and DimseAssociation;
/// refused (C-MOVE: the node does not know this archive).
class NodeRetrieval {
 public:
  /// `own`: the AE title under which the node may know this archive, for C-MOVE.
  NodeRetrieval(DimseClient& client, std::string node, std::string own)
      : client_(client), node_(std::move(node)), own_(std::move(own)) {}

  const std::string& node() const { return node_; }
  /// Whether it can be asked: its error if not.
  void require_answer();
  /// What the node says of what it has not sent; empty: nothing. `is_complete` says whether all has come, where that is
  /// known better than by the node's answer.
  std::string retrieve(const Wanted& wanted, const std::function<bool()>& is_complete = {});

 private:
  std::unique_ptr<DimseAssociation> open(std::span<const DimseContext> contexts);
  std::string get(const Wanted& wanted);
  std::string move(const Wanted& wanted);

  DimseClient& client_;
  const std::string node_;
  const std::string own_;
  bool answers_get_ = true;
};

}  // namespace fermata::node_retrieval
