#include "worker_pool.hpp"

#include <algorithm>
#include <system_error>
#include <utility>

namespace fermata::http {

void WorkerPool::make_ready(std::size_t threads) {
  const std::lock_guard lock(mutex_);
  while (!stopping_ && threads_.size() < std::min(threads, most_threads_) && add_thread()) {
  }
}

bool WorkerPool::add_thread() {
  try {
    threads_.emplace_back([this] { run(); });
  } catch (const std::system_error&) {
    return false;
  }
  ++idle_;
  return true;
}

bool WorkerPool::post(Work work) {
  const std::lock_guard lock(mutex_);
  const auto free = idle_ + most_threads_ - threads_.size();
  if (stopping_ || queue_.size() >= free + most_queued_) return false;
  if (queue_.size() >= idle_ && threads_.size() < most_threads_ && !add_thread() && threads_.empty()) return false;
  queue_.push_back(std::move(work));
  wanted_.notify_one();
  return true;
}

void WorkerPool::run() {
  std::unique_lock lock(mutex_);
  for (;;) {
    wanted_.wait(lock, [this] { return stopping_ || !queue_.empty(); });
    --idle_;
    if (queue_.empty()) return;
    auto work = std::move(queue_.front());
    queue_.pop_front();
    lock.unlock();
    work();
    work = nullptr;
    lock.lock();
    ++idle_;
  }
}

void WorkerPool::stop() noexcept {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  wanted_.notify_all();
  for (auto& thread : threads_) thread.join();
  threads_.clear();
}

}  // namespace fermata::http
