#pragma once
#include <cstddef>
#include <string>
#include <vector>

namespace fermata::worklist {

/// Worklist requests written by people or programs: YAML, or JSON, which is YAML too. One request, or a list of them.
///
/// A request is a mapping from attributes (see `attribute_named`) to values: text, a list of texts, a list of mappings
/// for a sequence. What belongs into the Scheduled Procedure Step Sequence may stand beside the rest, and then holds
/// for each of its items. Dates may be written as 2024-01-31, times as 08:15. The DICOM JSON Model (PS3.18 F.2) is read
/// as well. **Errors**: Error invalid, names line and column and what to write.
std::vector<std::vector<std::byte>> requests_from_text(const std::string& text);

}  // namespace fermata::worklist
