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
  uint64_t passed_on() const { return passed_on_; }  ///< lines so far, whatever became of them

 private:
  void sink_it_(const spdlog::details::log_msg& message) override;
  void flush_() override {}

  std::string file_;
  int descriptor_;
  std::atomic<uint64_t> passed_on_{0};
};

}  // namespace fermata::host
