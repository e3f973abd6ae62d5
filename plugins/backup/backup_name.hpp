#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace fermata::backup {

/// Microseconds since 1970-01-01 UTC.
using Moment = int64_t;

/// "2026-11-27T22-35-42Z": the folder of a backup that began then. Names sort as the times do.
std::string backup_name(Moment moment);
/// Nothing if it is no such name.
std::optional<Moment> moment_of(std::string_view name);
/// "2026-11-27 22:35 UTC", for people.
std::string readable(Moment moment);

}  // namespace fermata::backup
