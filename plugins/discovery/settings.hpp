#pragma once
#include <string>

#include "fermata/config.hpp"
#include "own_service.hpp"

namespace fermata::discovery {

/// What the configuration file says, as plain values; schema.yaml describes each.
struct Settings {
  OwnService service;
  bool publish = true;
  bool browse = true;
  bool public_node_list = true;
  bool node_list_includes_nodes = false;
  std::string wado_uri;  ///< with a "/" in front, or empty
};

Settings read_settings(const Config& config);

}  // namespace fermata::discovery
