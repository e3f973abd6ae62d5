#pragma once
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace fermata::benchmark {

struct ScaleOptions {
  std::string folder;
  uint64_t instances = 100'000;  ///< how many there are to be in the end
  uint64_t per_study = 10;
  unsigned threads = 1;
  uint64_t window = 50'000;  ///< a line of figures for so many instances
  uint64_t cache_mib = 64;
  int background_threads = 2;
  int repeat = 400;  ///< questions of each kind; 0: none
  /// Of RocksDB, for trials: "headers.block_size" (a family's) or "max_background_jobs" (the database's).
  std::vector<std::pair<std::string, std::string>> settings;
};

/// Throws std::invalid_argument with the usage.
ScaleOptions scale_options(int count, char** arguments);

}  // namespace fermata::benchmark
