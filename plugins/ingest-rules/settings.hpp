#pragma once
#include <vector>

#include "fermata/config.hpp"
#include "rules_hook.hpp"

namespace fermata::ingest_rules {

/// The rules of a configuration. **Errors**: invalid, with the rule's name and what to write instead.
std::vector<Rule> rules_from(const Config& config);

}  // namespace fermata::ingest_rules
