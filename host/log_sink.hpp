#pragma once
#include <spdlog/sinks/base_sink.h>

#include <atomic>
#include <cstdint>
#include <mutex>
#include <string>

namespace fermata::host {

/// Writes lines to standard error or appends them to a file that can be opened anew. Nothing is buffered, so that a
/// crash takes no line with it.
///
/// **Thread**: any. **Errors**: Error io if the file can't be opened.
class LogSink final : public spdlog::sinks::base_sink<std::mutex> {
 public:
  explicit LogSink(std::string file);
  ~LogSink() override;
  void reopen();
  /// Lines that were passed on, or could not be.
  uint64_t lines() const { return lines_; }

 private:
  void sink_it_(const spdlog::details::log_msg& message) override;
  void write(const spdlog::details::log_msg& message);
  void flush_() override {}

  std::string file_;
  int descriptor_;
  std::atomic<uint64_t> lines_{0};
};

}  // namespace fermata::host
