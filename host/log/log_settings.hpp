#pragma once
#include <cstdint>
#include <map>
#include <string>
#include <string_view>

#include "fermata/c/plugin.h"

namespace fermata::host {

enum class LogFormat { text, json };

struct LogSettings {
  int32_t level = FERMATA_LOG_INFO;
  LogFormat format = LogFormat::text;
  std::string file;                       ///< empty: standard error
  std::map<std::string, int32_t> levels;  ///< by plugin instance; "host" for the host itself

  int32_t level_of(const std::string& instance) const {
    const auto found = levels.find(instance);
    return found == levels.end() ? level : found->second;
  }
};

/// The number of a level that the schema allows.
inline int32_t log_level(std::string_view name) {
  if (name == "trace") return FERMATA_LOG_TRACE;
  if (name == "debug") return FERMATA_LOG_DEBUG;
  if (name == "warning") return FERMATA_LOG_WARNING;
  if (name == "error") return FERMATA_LOG_ERROR;
  return FERMATA_LOG_INFO;
}

}  // namespace fermata::host
