#include "settings.hpp"

#include <iterator>
#include <string>

#include "node_list.hpp"

namespace fermata::application_entities {
namespace {

Rights read_rights(const Config& names) {
  Rights rights = 0;
  for (uint64_t i = 0; i < names.count(); ++i) rights |= right_named(names.item(i).string());
  return rights;
}

Node read_node(const Config& config) {
  Node node;
  node.ae_title = config["ae_title"].string();
  node.host = config["host"].string();
  node.port = static_cast<uint16_t>(config["port"].integer());
  node.rights = read_rights(config["rights"]);
  node.tls = config["tls"].boolean();
  node.any_address = config["any_address"].boolean();
  node.description = config["description"].string();
  node.certificate = config["certificate"].string();
  node.user_required = config["user_required"].boolean();
  const auto syntaxes = config["preferred_transfer_syntaxes"];
  for (uint64_t i = 0; i < syntaxes.count(); ++i)
    node.preferred_transfer_syntaxes.emplace_back(syntaxes.item(i).string());
  return checked(std::move(node));
}

std::vector<Node> read_nodes(const Config& config) {
  std::vector<Node> nodes;
  for (uint64_t i = 0; i < config["nodes"].count(); ++i) nodes.push_back(read_node(config["nodes"].item(i)));
  auto listed = parse_node_list(config["node_list"].string());
  nodes.insert(nodes.end(), std::make_move_iterator(listed.begin()), std::make_move_iterator(listed.end()));
  return nodes;
}

std::vector<IpNetwork> read_networks(const Config& list) {
  std::vector<IpNetwork> networks;
  for (uint64_t i = 0; i < list.count(); ++i) networks.push_back(IpNetwork::parse(list.item(i).string()));
  return networks;
}

}  // namespace

Settings read_settings(const Config& config) {
  Settings settings;
  settings.nodes = read_nodes(config);
  settings.trusted_networks = read_networks(config["trusted_networks"]);
  settings.trusted_rights = read_rights(config["trusted_rights"]);
  settings.unknown_may_echo = config["unknown_may_echo"].boolean();
  settings.answer_callers_on_port = static_cast<uint16_t>(config["answer_callers_on_port"].integer());
  settings.resolve_discovered = config["resolve_discovered"].boolean();
  settings.discovered_networks = read_networks(config["discovered_networks"]);
  settings.host_lookup_interval = config["host_lookup_interval"].duration();
  settings.refused_callers_kept = static_cast<std::size_t>(config["refused_callers_kept"].integer());
  return settings;
}

}  // namespace fermata::application_entities
