#pragma once
#include <cstdint>
#include <map>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "fermata/host_status.hpp"

namespace fermata::host {

/// What one plugin instance says of its state: gauges, and conditions that are not fine.
///
/// **Thread**: any.
class Conditions {
 public:
  struct Kept {
    std::string name;
    ConditionLevel level;
    std::string text;
    std::string remedy;
    int64_t since_us;
  };

  void set_gauge(std::string_view name, double value);
  /// A level that is no known one counts as failing. The time when it began stays while the condition lasts.
  void set(std::string_view name, uint32_t level, std::string_view text, std::string_view remedy);
  std::vector<std::pair<std::string, double>> gauges() const;
  std::vector<Kept> kept() const;

 private:
  mutable std::mutex mutex_;
  std::map<std::string, double, std::less<>> gauges_;
  std::map<std::string, Kept, std::less<>> kept_;
};

}  // namespace fermata::host
