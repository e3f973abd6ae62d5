#pragma once
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "fermata/state_store.hpp"
#include "node.hpp"

namespace fermata::application_entities {

/// All nodes: those of the configuration file, and those that an administrator keeps in the state store.
///
/// The configuration file wins: a stored node of the same AE title stays in the store, but is not used.
/// **Thread**: any; `nodes` never waits for the disk. **Errors**: see ApplicationEntities.
class NodeDirectory {
 public:
  using Nodes = std::map<std::string, Node, std::less<>>;
  using Warn = std::function<void(const std::string&)>;

  /// Reads the store. A stored node that can't be read is left out, with a warning. **Errors**: invalid if the
  /// configuration has an AE title twice; io.
  NodeDirectory(const std::vector<Node>& configured, StateStore& store, const Warn& warn);

  /// What holds at this moment, unchanged by later calls.
  std::shared_ptr<const Nodes> nodes() const;
  void put(Node node);
  void remove(std::string_view ae_title);

 private:
  void load_stored(Nodes& nodes, const Warn& warn);
  void refuse_if_configured(const std::string& ae_title) const;
  void replace(std::shared_ptr<const Nodes> nodes);

  StateStore& store_;
  std::mutex writing_;  ///< held while the store is written, so that memory and store change in the same order
  mutable std::mutex mutex_;
  std::shared_ptr<const Nodes> nodes_;
};

}  // namespace fermata::application_entities
