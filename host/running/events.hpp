#pragma once
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <optional>
#include <string>

namespace fermata::host {

/// What the main thread waits for while the archive works: signals, and plugins that can't go on.
///
/// **Thread**: any.
class Events {
 public:
  enum class Kind { none, reopen_logs, stop };

  void request_stop();
  void request_stop_at_once();  ///< without waiting for running work
  void request_reopen_logs();
  /// A plugin can't go on: the program is to stop. The first reason is kept.
  void fail(const std::string& instance, const std::string& reason);

  /// The next event; none if nothing happened for so long.
  Kind wait_for(std::chrono::milliseconds time);
  bool stop_requested() const;
  bool at_once() const;
  std::optional<std::string> failure() const;

 private:
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  bool stop_ = false;
  bool at_once_ = false;
  bool reopen_logs_ = false;
  std::optional<std::string> failure_;
};

}  // namespace fermata::host
