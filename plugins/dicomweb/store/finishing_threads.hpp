#pragma once
#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace fermata::dicomweb {

/// Threads that wait for the disk, so that a request can go on receiving meanwhile and objects share the wait.
///
/// **Thread**: `run` from any. **Ownership**: ends after the last task. **Errors**: tasks don't throw.
class FinishingThreads {
 public:
  explicit FinishingThreads(std::size_t count);
  ~FinishingThreads();
  FinishingThreads(const FinishingThreads&) = delete;
  FinishingThreads& operator=(const FinishingThreads&) = delete;

  void run(std::function<void()> task);

 private:
  void work();

  std::mutex mutex_;
  std::condition_variable wake_;
  std::deque<std::function<void()>> tasks_;
  bool stop_ = false;
  std::vector<std::thread> threads_;
};

}  // namespace fermata::dicomweb
