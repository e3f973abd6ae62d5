#pragma once
#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace fermata::http {

/// Threads for work that waits. They are made as they are needed, up to a number; then work queues, up to another.
///
/// **Thread**: any. **Ownership**: `stop`, or the destructor, runs what is queued and joins the threads.
class WorkerPool {
 public:
  using Work = std::function<void()>;

  WorkerPool(std::size_t threads, std::size_t queue) : most_threads_(threads), most_queued_(queue) {}
  ~WorkerPool() { stop(); }
  WorkerPool(const WorkerPool&) = delete;
  WorkerPool& operator=(const WorkerPool&) = delete;

  /// Makes some of the threads before there is work: a thread that is new waits for a processor longer than one that is
  /// woken.
  void make_ready(std::size_t threads);
  bool post(Work work);  ///< false if the queue is full
  void stop() noexcept;

 private:
  bool add_thread();  ///< under mutex_; false if there is none to be had
  void run();

  const std::size_t most_threads_;
  const std::size_t most_queued_;
  std::mutex mutex_;
  std::condition_variable wanted_;
  std::deque<Work> queue_;  ///< under mutex_
  std::vector<std::thread> threads_;
  std::size_t idle_ = 0;  ///< threads without work, those that are about to start included
  bool stopping_ = false;
};

}  // namespace fermata::http
