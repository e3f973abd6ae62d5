#pragma once
#include <memory>
#include <vector>

#include "fermata/application_entities.hpp"
#include "refused_callers.hpp"

namespace fermata::application_entities {

/// Hands out the records in their order.
std::unique_ptr<RefusedCallerCursor> cursor_over(std::vector<RefusedRecord> records);

}  // namespace fermata::application_entities
