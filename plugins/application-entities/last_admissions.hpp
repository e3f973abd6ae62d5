#pragma once
#include <cstdint>
#include <map>
#include <mutex>
#include <string>
#include <string_view>

namespace fermata::application_entities {

/// When each node was let in last, since the program started. There are no more entries than there are nodes: strangers
/// are not noted.
///
/// **Thread**: any; no function waits for anything.
class LastAdmissions {
 public:
  void note(const std::string& ae_title, int64_t now_us) {
    const std::lock_guard lock(mutex_);
    times_[ae_title] = now_us;
  }
  /// 0 for one that has not called.
  int64_t of(std::string_view ae_title) const {
    const std::lock_guard lock(mutex_);
    const auto found = times_.find(ae_title);
    return found == times_.end() ? 0 : found->second;
  }
  void forget(std::string_view ae_title) {
    const std::lock_guard lock(mutex_);
    if (const auto found = times_.find(ae_title); found != times_.end()) times_.erase(found);
  }

 private:
  mutable std::mutex mutex_;
  std::map<std::string, int64_t, std::less<>> times_;
};

}  // namespace fermata::application_entities
