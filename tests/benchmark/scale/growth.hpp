#pragma once
#include <cstdint>
#include <vector>

#include "fermata/archive.hpp"
#include "latencies.hpp"
#include "study.hpp"

namespace fermata::benchmark {

/// Fills an archive with whole studies, some at a time side by side as machines send them.
///
/// **Ownership**: uses the archive. **Thread**: one.
class Growth {
 public:
  Growth(Archive& archive, uint64_t per_study, unsigned threads);

  struct Window {
    double seconds = 0;
    Latencies took;
  };
  /// The studies [from, to). Throws if the archive refuses one of their objects.
  Window store(uint64_t from, uint64_t to);

 private:
  void store_study(uint64_t number, Latencies& took) const;

  Archive& archive_;
  const uint64_t per_study_;
  const unsigned threads_;
  const std::vector<std::byte> pixels_;
};

}  // namespace fermata::benchmark
