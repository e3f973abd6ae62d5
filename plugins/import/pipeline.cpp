#include "pipeline.hpp"

namespace fermata::imports {

constexpr std::size_t kWaitingForEach = 3;

Pipeline::Pipeline(std::size_t threads) : most_(threads * kWaitingForEach) {
  for (std::size_t i = 0; i < threads; ++i) threads_.emplace_back([this] { work(); });
}

Pipeline::~Pipeline() {
  {
    const std::lock_guard lock(mutex_);
    ended_ = true;
    waiting_.clear();
  }
  changed_.notify_all();
  for (auto& thread : threads_) thread.join();
}

void Pipeline::add(Task task) {
  std::packaged_task<FileResult()> packaged(std::move(task));
  results_.push_back(packaged.get_future());
  {
    const std::lock_guard lock(mutex_);
    waiting_.push_back(std::move(packaged));
  }
  changed_.notify_one();
}

void Pipeline::add(FileResult result) {
  std::promise<FileResult> known;
  results_.push_back(known.get_future());
  known.set_value(std::move(result));
}

FileResult Pipeline::take() {
  auto result = std::move(results_.front());
  results_.pop_front();
  return result.get();
}

void Pipeline::work() {
  for (;;) {
    std::packaged_task<FileResult()> task;
    {
      std::unique_lock lock(mutex_);
      changed_.wait(lock, [this] { return ended_ || !waiting_.empty(); });
      if (ended_) return;
      task = std::move(waiting_.front());
      waiting_.pop_front();
    }
    task();
  }
}

}  // namespace fermata::imports
