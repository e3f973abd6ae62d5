#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "fermata/ingest_hook.hpp"

namespace fermata::ingest_rules {

/// Whose private elements labels are in (PS3.5 7.8.1), and where: element 01 of this creator's block of group 0013,
/// which is the first free one where it has none.
inline constexpr std::string_view kLabelCreator = "FERMATA INGEST RULES";

/// Adds these words to the labels that the object has; one that it has already is not added again.
/// **Errors**: unsupported, where every block of the group is taken.
void add_labels(IngestContext& context, const std::vector<std::string>& labels);

}  // namespace fermata::ingest_rules
