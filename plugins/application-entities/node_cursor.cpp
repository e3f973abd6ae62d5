#include "node_cursor.hpp"

#include <string_view>

namespace fermata::application_entities {
namespace {

class NodeCursor final : public ApplicationEntityCursor {
 public:
  explicit NodeCursor(std::vector<Node> nodes) : nodes_(std::move(nodes)) {}

  bool next(ApplicationEntity& entity) override {
    if (position_ == nodes_.size()) return false;
    const auto& node = nodes_[position_++];
    syntaxes_.assign(node.preferred_transfer_syntaxes.begin(), node.preferred_transfer_syntaxes.end());
    entity = {node.ae_title,    node.host, node.port,   node.rights,       node.tls,         node.any_address,
              node.description, syntaxes_, node.origin, node.last_seen_us, node.certificate, node.user_required};
    return true;
  }

 private:
  const std::vector<Node> nodes_;
  std::size_t position_ = 0;
  std::vector<std::string_view> syntaxes_;  ///< what the entity's span points to
};

}  // namespace

std::unique_ptr<ApplicationEntityCursor> cursor_over(std::vector<Node> nodes) {
  return std::make_unique<NodeCursor>(std::move(nodes));
}

}  // namespace fermata::application_entities
