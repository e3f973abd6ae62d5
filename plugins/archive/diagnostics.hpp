#pragma once
#include <cstdint>
#include <functional>
#include <initializer_list>
#include <string_view>

#include "fermata/plugin.hpp"

namespace fermata::archive {

/// Where the archive's classes report to: the host's log and counters, or nothing in tests. **Thread**: any.
struct Diagnostics {
  std::function<void(LogLevel, std::string_view message, std::initializer_list<Field>)> log =
      [](LogLevel, std::string_view, std::initializer_list<Field>) {};
  std::function<void(std::string_view counter)> count = [](std::string_view) {};
};

}  // namespace fermata::archive
