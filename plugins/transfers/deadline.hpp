#pragma once
#include <chrono>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <thread>

namespace fermata::transfers {

/// Does something after a while, unless it has ended before.
///
/// **Thread**: `start` and `stop` from one; the task runs on a thread of its own.
class Deadline {
 public:
  Deadline() = default;
  ~Deadline() { stop(); }
  Deadline(const Deadline&) = delete;
  Deadline& operator=(const Deadline&) = delete;

  void start(std::chrono::milliseconds after, std::function<void()> task) {
    thread_ = std::thread([this, after, task = std::move(task)] {
      std::unique_lock lock(mutex_);
      if (!changed_.wait_for(lock, after, [this] { return ended_; })) task();
    });
  }
  void stop() noexcept {
    {
      const std::lock_guard lock(mutex_);
      ended_ = true;
    }
    changed_.notify_all();
    if (thread_.joinable()) thread_.join();
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  bool ended_ = false;
  std::thread thread_;
};

}  // namespace fermata::transfers
