#pragma once
#include <memory>
#include <string>

#include "fermata/integrity.hpp"
#include "node-retrieval/node_retrieval.hpp"

namespace fermata::backup {

/// Copies from elsewhere, and a node that has the objects too: it is asked to send what no copy is right of.
///
/// One that can't be reached is not asked again. **Thread**: one at a time.
class NodeCopies final : public ObjectCopies {
 public:
  NodeCopies(std::unique_ptr<ObjectCopies> others, DimseClient& client, const std::string& node, const std::string& own)
      : others_(std::move(others)), retrieval_(client, node, own) {}
  std::unique_ptr<BlobReader> copy(std::string_view blob_key, uint64_t number) override {
    asked_ = false;
    return others_->copy(blob_key, number);
  }
  std::string_view place() override { return asked_ ? std::string_view(retrieval_.node()) : others_->place(); }
  bool fetch(const InstanceRecord& damaged) override;

 private:
  const std::unique_ptr<ObjectCopies> others_;
  node_retrieval::NodeRetrieval retrieval_;
  bool asked_ = false;
  std::string trouble_;  ///< why it can't be reached
};

}  // namespace fermata::backup
