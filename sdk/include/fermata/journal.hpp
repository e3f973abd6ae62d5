#pragma once
#include <cstdint>
#include <functional>
#include <initializer_list>
#include <string_view>

#include "fermata/plugin.hpp"

namespace fermata {

/// Where the classes of a plugin write log lines and counters: the host's, or nowhere in their tests.
///
/// **Thread**: any. **Ownership**: a value; what the functions refer to outlives its holders.
struct Journal {
  using Log = std::function<void(LogLevel, std::string_view message, std::initializer_list<Field> fields)>;
  using Count = std::function<void(std::string_view counter, uint64_t increment)>;

  Journal() = default;
  explicit Journal(const Host& host)
      : log([host](LogLevel level, std::string_view message, std::initializer_list<Field> fields) {
          host.log(level, message, fields);
        }),
        count([host](std::string_view counter, uint64_t increment) { host.count(counter, increment); }) {}

  Log log = [](LogLevel, std::string_view, std::initializer_list<Field>) {};
  Count count = [](std::string_view, uint64_t) {};
};

}  // namespace fermata
