#pragma once
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <string>
#include <vector>

namespace fermata::benchmark {

using Clock = std::chrono::steady_clock;

inline double microseconds_since(Clock::time_point begin) {
  return std::chrono::duration<double, std::micro>(Clock::now() - begin).count();
}

/// How long each of many operations took, in microseconds. **Thread**: one at a time.
class Latencies {
 public:
  void add(double microseconds) { values_.push_back(static_cast<float>(microseconds)); }
  void add(const Latencies& other) { values_.insert(values_.end(), other.values_.begin(), other.values_.end()); }
  std::size_t count() const { return values_.size(); }

  /// The value below which a part (0 to 1) of them lies; 0 if there are none.
  double at(double part) {
    if (values_.empty()) return 0;
    const auto place = values_.begin() + static_cast<long>(part * static_cast<double>(values_.size() - 1));
    std::nth_element(values_.begin(), place, values_.end());
    return *place;
  }
  /// The members of a JSON object, in milliseconds.
  std::string json() {
    char text[160];
    std::snprintf(text, sizeof text,
                  R"("p50_ms": %.4f, "p90_ms": %.4f, "p99_ms": %.4f, "p999_ms": %.4f, "max_ms": %.4f)", at(0.5) / 1e3,
                  at(0.9) / 1e3, at(0.99) / 1e3, at(0.999) / 1e3, at(1) / 1e3);
    return text;
  }

 private:
  std::vector<float> values_;
};

}  // namespace fermata::benchmark
