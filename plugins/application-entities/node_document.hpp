#pragma once
#include <cstddef>
#include <span>
#include <string>
#include <string_view>

#include "node.hpp"

namespace fermata::application_entities {

/// A node as the state store keeps it: JSON with a format number, one document a node, its id the AE title.
inline constexpr std::string_view kNodesCollection = "application-entities.nodes";

std::string to_document(const Node& node);

/// **Errors**: corrupt, or unsupported if a newer version of the program wrote it.
Node node_from_document(std::span<const std::byte> content);

}  // namespace fermata::application_entities
