#pragma once
#include <cstdint>
#include <functional>
#include <initializer_list>
#include <string_view>

#include "fermata/plugin.hpp"

namespace fermata {

/// Where the classes of a plugin write log lines, counters, gauges and conditions: the host's, or nowhere in their
/// tests.
///
/// **Thread**: any. **Ownership**: a value; what the functions refer to outlives its holders.
struct Journal {
  using Log = std::function<void(LogLevel, std::string_view message, std::initializer_list<Field> fields)>;
  using Count = std::function<void(std::string_view counter, uint64_t increment)>;
  using Gauge = std::function<void(std::string_view name, double value)>;
  using ConditionOf =
      std::function<void(std::string_view name, ConditionLevel level, std::string_view text, std::string_view remedy)>;

  Journal() = default;
  explicit Journal(const Host& host)
      : log([host](LogLevel level, std::string_view message, std::initializer_list<Field> fields) {
          host.log(level, message, fields);
        }),
        count([host](std::string_view counter, uint64_t increment) { host.count(counter, increment); }),
        gauge([host](std::string_view name, double value) { host.gauge(name, value); }),
        condition([host](std::string_view name, ConditionLevel level, std::string_view text, std::string_view remedy) {
          host.condition(name, level, text, remedy);
        }) {}

  Log log = [](LogLevel, std::string_view, std::initializer_list<Field>) {};
  Count count = [](std::string_view, uint64_t) {};
  Gauge gauge = [](std::string_view, double) {};
  ConditionOf condition = [](std::string_view, ConditionLevel, std::string_view, std::string_view) {};
};

}  // namespace fermata
