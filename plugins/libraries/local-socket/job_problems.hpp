#pragma once
#include <cstdint>
#include <map>
#include <mutex>

namespace fermata::local_socket {

/// How many problems the latest jobs have found that are done nevertheless, so that a verb can end with an exit code of
/// its own. Not kept over a restart: whoever waited has heard of that. **Thread**: any.
class JobProblems {
 public:
  /// To be called before the job ends.
  void note(uint64_t job, uint64_t problems) {
    const std::lock_guard lock(mutex_);
    latest_[job] = problems;
    if (latest_.size() > kMost) latest_.erase(latest_.begin());
  }
  uint64_t of(uint64_t job) const {
    const std::lock_guard lock(mutex_);
    const auto found = latest_.find(job);
    return found == latest_.end() ? 0 : found->second;
  }

 private:
  static constexpr std::size_t kMost = 16;
  mutable std::mutex mutex_;
  std::map<uint64_t, uint64_t> latest_;
};

}  // namespace fermata::local_socket
