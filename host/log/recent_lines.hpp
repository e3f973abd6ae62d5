#pragma once
#include <cstddef>
#include <cstdint>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

namespace fermata::host {

/// The latest lines of the log, for whoever looks at a running program.
///
/// **Thread**: any; nobody waits for more than the copying of lines.
class RecentLines {
 public:
  struct Line {
    uint64_t number = 0;  ///< from 1, without gaps
    int32_t level = 0;
    int64_t time_us = 0;
    std::string instance;
    std::string message;
    std::string fields;
  };

  explicit RecentLines(std::size_t kept) : kept_(kept) {}

  /// Texts that are longer than some thousand bytes are cut.
  void add(int32_t level, std::string_view instance, std::string_view message, std::string_view fields);
  /// Those with a greater number, oldest first.
  std::vector<Line> after(uint64_t number) const;

 private:
  const std::size_t kept_;
  mutable std::mutex mutex_;
  std::vector<Line> ring_;  ///< line n is at (n - 1) % kept_
  uint64_t count_ = 0;
};

}  // namespace fermata::host
