#pragma once
#include <filesystem>
#include <functional>
#include <mutex>
#include <string>

#include "backup_runner.hpp"
#include "backup_schedule.hpp"

namespace fermata::backup {

/// The backups in the configured destination: asks for those that are due, and knows whether all is well.
///
/// **Thread**: any. **Ownership**: borrows store and queue.
class BackupWatch {
 public:
  struct Settings {
    std::filesystem::path destination;  ///< empty: there is none, and nothing to watch
    Schedule schedule;
    std::chrono::milliseconds maximum_age{0};
  };
  /// Hears that `trouble` may have changed.
  using Tell = std::function<void()>;

  BackupWatch(Settings settings, StateStore& state, JobQueue& queue, Tell tell);

  void look();  ///< again and again
  void note(const BackupRequest& request, const BackupReport& report, const std::string& failure);

  const Settings& settings() const { return settings_; }
  BackupHistory history();
  std::string trouble();

 private:
  void take_up_what_is_there();

  const Settings settings_;
  JobQueue& queue_;
  const Tell tell_;
  std::mutex mutex_;
  HistoryStore store_;     ///< under mutex_
  BackupHistory history_;  ///< under mutex_
  bool missing_ = false;   ///< a backup is due, and there is no folder for it; under mutex_
};

}  // namespace fermata::backup
