#pragma once
#include <atomic>
#include <cstdint>
#include <functional>
#include <map>
#include <shared_mutex>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace fermata::host {

/// The counters of one plugin instance, made as they are first counted.
///
/// **Thread**: any; counting an existing counter takes a shared lock and one atomic addition.
class Counters {
 public:
  void add(std::string_view name, uint64_t increment);
  /// All counters by name.
  std::vector<std::pair<std::string, uint64_t>> snapshot() const;

 private:
  mutable std::shared_mutex mutex_;
  std::map<std::string, std::atomic<uint64_t>, std::less<>> counters_;
};

}  // namespace fermata::host
