#pragma once
#include <array>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

namespace fermata::http {

/// Counts requests by method, status and duration. **Thread**: any.
class Traffic {
 public:
  void opened() { ++connections_; }
  void closed() { --connections_; }
  void begins() { ++running_; }
  void ends(std::string_view method, unsigned status, std::chrono::nanoseconds duration, uint64_t bytes);

  /// In the text format of Prometheus, version 0.0.4.
  void write(std::string& out) const;

 private:
  static constexpr std::array<std::string_view, 7> kMethods{"GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "other"};
  static constexpr std::array<double, 11> kBounds{0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5, 10, 60, 300};  // seconds
  using Count = std::atomic<uint64_t>;

  struct OfMethod {
    std::array<Count, 5> by_class{};               ///< 1xx to 5xx
    std::array<Count, kBounds.size() + 1> took{};  ///< up to each bound, and longer
    Count microseconds{0};
  };

  std::array<OfMethod, kMethods.size()> methods_;
  Count bytes_{0};
  std::atomic<int64_t> connections_{0};
  std::atomic<int64_t> running_{0};
};

}  // namespace fermata::http
