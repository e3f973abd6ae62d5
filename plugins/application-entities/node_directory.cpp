#include "node_directory.hpp"

#include "ae_title.hpp"
#include "fermata/error.hpp"
#include "node_document.hpp"

namespace fermata::application_entities {
namespace {

NodeDirectory::Nodes by_title(const std::vector<Node>& configured) {
  NodeDirectory::Nodes nodes;
  for (const auto& node : configured)
    if (!nodes.emplace(node.ae_title, node).second)
      throw Error(Code::invalid, "the configuration has the node " + node.ae_title +
                                     " twice: AE titles are unique, whether in nodes or in node_list");
  return nodes;
}

}  // namespace

NodeDirectory::NodeDirectory(const std::vector<Node>& configured, StateStore& store, const Warn& warn) : store_(store) {
  auto nodes = by_title(configured);
  load_stored(nodes, warn);
  nodes_ = std::make_shared<const Nodes>(std::move(nodes));
}

void NodeDirectory::load_stored(Nodes& nodes, const Warn& warn) {
  const auto cursor = store_.list(kNodesCollection, "");
  for (Document document; cursor->next(document);) {
    const std::string id(document.id);
    try {
      auto node = node_from_document(document.content);
      if (!nodes.emplace(id, std::move(node)).second)
        warn("the node " + id + " is in the configuration file and in the state store: the file's is used");
    } catch (const Error& e) {
      warn("the stored node " + printable(id, 16) + " is left out: " + e.what());
    }
  }
}

std::shared_ptr<const NodeDirectory::Nodes> NodeDirectory::nodes() const {
  const std::lock_guard lock(mutex_);
  return nodes_;
}

void NodeDirectory::put(Node node) {
  node = checked(std::move(node));
  node.origin = kFromAdministrator;
  const std::lock_guard writing(writing_);
  refuse_if_configured(node.ae_title);
  const auto document = to_document(node);
  store_.put(kNodesCollection, node.ae_title, std::as_bytes(std::span(document)), StateStore::kAny);
  auto changed = std::make_shared<Nodes>(*nodes());
  changed->insert_or_assign(node.ae_title, node);
  replace(std::move(changed));
}

void NodeDirectory::remove(std::string_view ae_title) {
  const std::string title(trimmed_ae_title(ae_title));
  const std::lock_guard writing(writing_);
  refuse_if_configured(title);
  const auto current = nodes();
  if (!current->contains(title)) throw Error(Code::not_found, "there is no node " + printable(title, 16));
  store_.remove(kNodesCollection, title, StateStore::kAny);
  auto changed = std::make_shared<Nodes>(*current);
  changed->erase(title);
  replace(std::move(changed));
}

void NodeDirectory::refuse_if_configured(const std::string& ae_title) const {
  const auto current = nodes();
  const auto it = current->find(ae_title);
  if (it != current->end() && it->second.origin == kFromConfiguration)
    throw Error(Code::conflict, "the node " + ae_title + " is in the configuration file: change it there");
}

void NodeDirectory::replace(std::shared_ptr<const Nodes> nodes) {
  const std::lock_guard lock(mutex_);
  nodes_ = std::move(nodes);
}

}  // namespace fermata::application_entities
