#pragma once
#include <string_view>
#include <vector>

#include "node.hpp"

namespace fermata::application_entities {

/// Nodes with full rights, written in one line: `HOROS@192.168.0.12:11112,CT1@192.168.0.20,MR2@[fd00::7]:104`.
/// The port is 104 if none is given; spaces around commas don't matter; an empty text has none.
/// **Errors**: invalid, naming the entry.
std::vector<Node> parse_node_list(std::string_view text);

}  // namespace fermata::application_entities
