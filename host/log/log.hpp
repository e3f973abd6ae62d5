#pragma once
#include <spdlog/async_logger.h>

#include <atomic>
#include <chrono>
#include <initializer_list>
#include <map>
#include <memory>
#include <mutex>
#include <span>
#include <string>
#include <string_view>

#include "fermata/c/plugin.h"
#include "log/log_settings.hpp"
#include "log/recent_lines.hpp"

namespace fermata::host {

class Log;

/// A named value of a line.
struct LogField {
  std::string_view name;
  std::string value;
};

/// The log of one plugin instance, or of the host itself. **Thread**: any. **Ownership**: lives as long as its Log.
class Logger {
 public:
  bool enabled(int32_t level) const { return level >= level_; }
  void write(int32_t level, std::string_view message, std::span<const fermata_field> fields);

  void debug(std::string_view m, std::initializer_list<LogField> f = {}) { write(FERMATA_LOG_DEBUG, m, f); }
  void info(std::string_view m, std::initializer_list<LogField> f = {}) { write(FERMATA_LOG_INFO, m, f); }
  void warning(std::string_view m, std::initializer_list<LogField> f = {}) { write(FERMATA_LOG_WARNING, m, f); }
  void error(std::string_view m, std::initializer_list<LogField> f = {}) { write(FERMATA_LOG_ERROR, m, f); }

 private:
  friend class Log;
  Logger(Log& log, std::shared_ptr<spdlog::async_logger> target, int32_t level);
  void write(int32_t level, std::string_view message, std::initializer_list<LogField> fields);

  Log& log_;
  std::shared_ptr<spdlog::async_logger> target_;
  int32_t level_;
};

/// Where all lines go: a queue that one thread empties into standard error or a file.
///
/// While that thread can't keep up, lines of no importance are left out and counted; errors are never left out, their
/// callers wait. Whatever a line is given, it stays one line (see text_escaping.hpp). **Thread**: any.
class Log {
 public:
  /// **Errors**: Error io if the file can't be opened.
  explicit Log(LogSettings settings);
  ~Log();
  Log(const Log&) = delete;
  Log& operator=(const Log&) = delete;

  Logger& logger(const std::string& instance);
  /// Opens the file anew, for who moved it away. If that fails, the old one is kept, and the log says so.
  void reopen();
  /// Waits until what was written so far has been passed on, at most this long.
  void flush(std::chrono::milliseconds at_most);
  uint64_t left_out() const { return left_out_; }
  /// What was written last, at info and above.
  const RecentLines& recent() const { return recent_; }

 private:
  friend class Logger;
  bool has_room_for(int32_t level) const;

  LogSettings settings_;
  RecentLines recent_;
  std::shared_ptr<class LogSink> sink_;
  std::shared_ptr<spdlog::details::thread_pool> queue_;
  std::mutex mutex_;
  std::map<std::string, std::unique_ptr<Logger>> loggers_;
  std::atomic<uint64_t> given_{0};  ///< to the queue
  std::atomic<uint64_t> left_out_{0};
  std::atomic<uint64_t> left_out_unreported_{0};
};

}  // namespace fermata::host
