#pragma once
#include <cstdint>
#include <functional>
#include <initializer_list>
#include <string>
#include <string_view>

#include "fermata/plugin.hpp"

namespace fermata::dimse {

/// Where the classes of this plugin write log lines and counters, so that they run without a host as well.
///
/// **Thread**: any. **Ownership**: a value; what the functions refer to outlives its holders.
struct Journal {
  using Log = std::function<void(LogLevel, std::string_view message, std::initializer_list<Field> fields)>;
  using Count = std::function<void(std::string_view counter, uint64_t increment)>;

  Log log = [](LogLevel, std::string_view, std::initializer_list<Field>) {};
  Count count = [](std::string_view, uint64_t) {};
};

}  // namespace fermata::dimse
