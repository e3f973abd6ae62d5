#pragma once
#include <memory>
#include <vector>

#include "fermata/application_entities.hpp"
#include "node.hpp"

namespace fermata::application_entities {

/// Hands out copies of nodes, as they were when it was made.
std::unique_ptr<ApplicationEntityCursor> cursor_over(std::vector<Node> nodes);

}  // namespace fermata::application_entities
