#pragma once
#include <chrono>

#include "data-set/element_scanner.hpp"

namespace fermata::archive {

/// What to do with another object that has the SOP Instance UID of a stored one.
enum class DuplicatePolicy : uint8_t { keep_first, replace, reject };

/// The configuration as plain values.
struct Settings {
  DuplicatePolicy duplicates = DuplicatePolicy::keep_first;
  ScanLimits limits;
  uint64_t headers = 512ull << 20;                ///< memory for the headers of all objects that come in
  std::chrono::milliseconds slow_hook{1000};      ///< how long an ingest hook may take before the log says so
  std::size_t removal_step = 1000;                ///< instances that leave together; the journal's entry holds them all
  std::chrono::milliseconds mark_interval{5000};  ///< how much ingest a recovery may have to go through
};

}  // namespace fermata::archive
