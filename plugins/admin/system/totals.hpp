#pragma once
#include <cstdint>
#include <map>
#include <string>
#include <string_view>

namespace fermata::admin {

/// What has come in, by day and by modality, and how many there are of each modality.
///
/// **Thread**: a value. **Errors**: `parse` corrupt.
struct Totals {
  struct Amount {
    uint64_t instances = 0;
    uint64_t bytes = 0;
  };
  struct Count {
    uint64_t series = 0;
    uint64_t instances = 0;
  };

  uint64_t sequence = 0;                                  ///< of the last change that is counted
  bool complete = false;                                  ///< everything up to the first start is counted
  uint64_t removals = 0;                                  ///< changes that took something away
  uint64_t census_at = 0;                                 ///< `sequence` when `present` was counted
  std::map<std::string, Amount, std::less<>> days;        ///< "YYYYMMDD", those of the last 90 days
  std::map<std::string, Amount, std::less<>> modalities;  ///< received, ever
  std::map<std::string, Count, std::less<>> present;      ///< by modality, at the last census

  /// JSON, with a version.
  std::string text() const;
  static Totals parse(std::string_view text);
};

}  // namespace fermata::admin
