#pragma once
#include <chrono>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <string>
#include <thread>
#include <utility>

#include "fermata/journal.hpp"

namespace fermata {

/// Does something again and again on a thread of its own: at once, and then a while after each time it was done.
///
/// **Thread**: `start` and `stop` from the plugin's. **Ownership**: ends with its destructor; what the task refers to
/// lives at least until `stop`. **Errors**: an exception of the task is logged, and it is tried again next time.
class Periodic {
 public:
  Periodic() = default;
  ~Periodic() { stop(); }
  Periodic(const Periodic&) = delete;
  Periodic& operator=(const Periodic&) = delete;

  void start(std::chrono::milliseconds interval, const Journal& journal, std::function<void()> task) {
    thread_ = std::thread([this, interval, journal, task = std::move(task)] {
      do run(journal, task);
      while (wait(interval));
    });
  }
  /// Returns when the task does not run any more.
  void stop() noexcept {
    {
      const std::lock_guard lock(mutex_);
      stopping_ = true;
    }
    changed_.notify_all();
    if (thread_.joinable()) thread_.join();
  }

 private:
  static void run(const Journal& journal, const std::function<void()>& task) {
    try {
      task();
    } catch (const std::exception& error) {
      journal.log(LogLevel::error, error.what(), {});
    }
  }
  bool wait(std::chrono::milliseconds interval) {
    std::unique_lock lock(mutex_);
    return !changed_.wait_for(lock, interval, [this] { return stopping_; });
  }

  std::mutex mutex_;
  std::condition_variable changed_;
  bool stopping_ = false;
  std::thread thread_;
};

}  // namespace fermata
