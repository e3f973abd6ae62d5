#pragma once
#include <deque>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "fermata/dimse_client.hpp"

namespace fermata::node_retrieval {

/// SOP Classes of the objects that are to come, each with the transfer syntaxes in which they are taken; none: in any.
using Kinds = std::map<std::string, std::vector<std::string>>;

/// For a node that does not say which SOP Classes it has: those that most archives have.
void add_common_classes(Kinds& kinds);

/// The presentation contexts of an association on which we ask with C-GET and take in what comes.
///
/// A context has one transfer syntax, but for the uncompressed ones: so the peer can send each object as it has it.
/// What does not fit into the 128 contexts is left out, compressed transfer syntaxes that are seldom first.
/// **Thread**: read only, any. **Ownership**: owns what `list` shows.
class ReceivingContexts {
 public:
  ReceivingContexts(std::string_view retrieval_class, const Kinds& kinds);
  ReceivingContexts(const ReceivingContexts&) = delete;
  ReceivingContexts& operator=(const ReceivingContexts&) = delete;

  std::span<const DimseContext> list() const { return contexts_; }

 private:
  void add(std::string_view sop_class, std::span<const std::string_view> transfer_syntaxes);
  std::string_view keep(std::string_view text) { return texts_.emplace_back(text); }

  std::deque<std::string> texts_;
  std::deque<std::string_view> views_;
  std::vector<DimseContext> contexts_;
};

}  // namespace fermata::node_retrieval
