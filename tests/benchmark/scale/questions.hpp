#pragma once
#include <cstdint>
#include <string>

#include "fermata/archive.hpp"

namespace fermata::benchmark {

/// Asks an archive with `studies` made studies what people ask, and gives the times as the members of a JSON object: a
/// member for each of study_queries(), and the pages of the list of studies, newest first.
std::string answers_json(Archive& archive, uint64_t studies, int repeat);

}  // namespace fermata::benchmark
