#include "running/events.hpp"

namespace fermata::host {

void Events::request_stop() {
  const std::lock_guard lock(mutex_);
  stop_ = true;
  changed_.notify_all();
}

void Events::request_stop_at_once() {
  const std::lock_guard lock(mutex_);
  stop_ = at_once_ = true;
  changed_.notify_all();
}

void Events::request_reopen_logs() {
  const std::lock_guard lock(mutex_);
  reopen_logs_ = true;
  changed_.notify_all();
}

void Events::fail(const std::string& instance, const std::string& reason) {
  const std::lock_guard lock(mutex_);
  if (!failure_) failure_ = instance + ": " + reason;
  stop_ = true;
  changed_.notify_all();
}

Events::Kind Events::wait_for(std::chrono::milliseconds time) {
  std::unique_lock lock(mutex_);
  changed_.wait_for(lock, time, [&] { return stop_ || reopen_logs_; });
  if (stop_) return Kind::stop;
  if (!reopen_logs_) return Kind::none;
  reopen_logs_ = false;
  return Kind::reopen_logs;
}

bool Events::stop_requested() const {
  const std::lock_guard lock(mutex_);
  return stop_;
}

bool Events::at_once() const {
  const std::lock_guard lock(mutex_);
  return at_once_;
}

std::optional<std::string> Events::failure() const {
  const std::lock_guard lock(mutex_);
  return failure_;
}

}  // namespace fermata::host
