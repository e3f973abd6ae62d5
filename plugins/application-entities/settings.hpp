#pragma once
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "fermata/config.hpp"
#include "fermata/ip_network.hpp"
#include "node.hpp"

namespace fermata::application_entities {

/// What the configuration file says, as plain values; schema.yaml describes each.
struct Settings {
  std::vector<Node> nodes;
  std::vector<IpNetwork> trusted_networks;
  Rights trusted_rights = kMayEverything;
  bool unknown_may_echo = true;
  uint16_t answer_callers_on_port = 11112;  ///< 0: don't
  bool resolve_discovered = true;
  std::vector<IpNetwork> discovered_networks;  ///< where a station that only announced itself may be reached
  std::chrono::milliseconds host_lookup_interval{60'000};
  std::size_t refused_callers_kept = 200;
};

/// **Errors**: invalid, naming the entry.
Settings read_settings(const Config& config);

}  // namespace fermata::application_entities
