#include "backup_watch.hpp"

#include "fermata/timestamp.hpp"

namespace fermata::backup {

BackupWatch::BackupWatch(Settings settings, StateStore& state, JobQueue& queue, Tell tell)
    : settings_(std::move(settings)), queue_(queue), tell_(std::move(tell)), store_(state), history_(store_.read()) {}

BackupHistory BackupWatch::history() {
  const std::lock_guard lock(mutex_);
  return history_;
}

std::string BackupWatch::trouble() {
  const std::lock_guard lock(mutex_);
  if (settings_.destination.empty()) return "";
  if (missing_) return "No backup can be made: " + not_there(settings_.destination);
  return backup::trouble(history_, settings_.maximum_age, now_us());
}

void BackupWatch::look() {
  if (settings_.destination.empty()) return;
  {
    const std::lock_guard lock(mutex_);
    take_up_what_is_there();
    missing_ = is_due(settings_.schedule, history_, now_us()) && !has_backups(settings_.destination);
    if (!missing_ && is_due(settings_.schedule, history_, now_us()) && pending_backup(queue_) == 0) {
      BackupRequest request;
      request.destination = std::filesystem::absolute(settings_.destination).lexically_normal();
      request.scheduled = true;
      add_backup(queue_, request, "");
      history_.attempted = now_us();
      history_.failure.clear();
      store_.write(history_);
    }
  }
  tell_();
}

/// A backup that was made while the program was stopped, or before what it knew was restored. Looks only where it would
/// else complain: a disk that sleeps is not to be woken for nothing.
void BackupWatch::take_up_what_is_there() {
  if (backup::trouble(history_, settings_.maximum_age, now_us()).empty()) return;
  const auto names = backups_in(settings_.destination);
  if (names.empty() || *moment_of(names.back()) <= history_.good) return;
  history_.good = *moment_of(names.back());
  if (history_.good > history_.attempted) {
    history_.attempted = history_.good;
    history_.failure.clear();
  }
  store_.write(history_);
}

void BackupWatch::note(const BackupRequest& request, const BackupReport& report, const std::string& failure) {
  if (settings_.destination.empty() ||
      request.destination.lexically_normal() != std::filesystem::absolute(settings_.destination).lexically_normal())
    return;
  {
    const std::lock_guard lock(mutex_);
    missing_ = false;
    history_.attempted = now_us();
    history_.failure = failure;
    if (failure.empty() && !report.name.empty()) {
      history_.good = *moment_of(report.name);
      history_.report = report.text();
    }
    store_.write(history_);
  }
  tell_();
}

}  // namespace fermata::backup
