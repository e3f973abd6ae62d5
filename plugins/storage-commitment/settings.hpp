#pragma once
#include <chrono>
#include <cstdint>
#include <string>

#include "fermata/config.hpp"

namespace fermata::storage_commitment {

struct Settings {
  std::string retrieve_ae_title;
  std::chrono::milliseconds retry_interval{10'000};
  std::chrono::milliseconds longest_retry_interval{3'600'000};
  std::chrono::milliseconds retry_for{7 * 86'400'000LL};
  std::chrono::milliseconds response_timeout{30'000};
  std::chrono::milliseconds keep{30 * 86'400'000LL};
  uint64_t maximum_rate = 0;
  unsigned reporters = 4;  ///< nodes that are reported to at the same time
  std::size_t maximum_unfinished = 10'000;
};

Settings read_settings(const Config& config);

}  // namespace fermata::storage_commitment
