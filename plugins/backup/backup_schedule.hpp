#pragma once
#include <chrono>
#include <optional>
#include <string>
#include <string_view>

#include "backup_name.hpp"
#include "fermata/state_store.hpp"

namespace fermata::backup {

/// When backups are made by themselves: at a time of the day, or a while after the last one, or never.
struct Schedule {
  std::optional<std::chrono::minutes> at;  ///< since midnight, in the machine's time
  std::chrono::milliseconds every{0};

  bool on() const { return at || every.count() != 0; }
  /// From "02:30".
  static std::optional<std::chrono::minutes> time_of_day(std::string_view text);
};

/// What has become of the backups in the configured destination.
struct BackupHistory {
  Moment attempted = 0;  ///< when the last one was begun, or has ended
  Moment good = 0;       ///< the moment of the last good one; 0: none is known
  std::string failure;   ///< of the last one; empty if it was good
  std::string report;    ///< of the last good one, for people
};

/// A failed backup is tried again an hour later; one that was missed is made up for.
bool is_due(const Schedule& schedule, const BackupHistory& history, Moment now);

/// What somebody has to look after; empty if all is well.
std::string trouble(const BackupHistory& history, std::chrono::milliseconds maximum_age, Moment now);

/// Keeps the history in the state store. **Thread**: one at a time. **Errors**: those of the store; unsupported (of a
/// newer version).
class HistoryStore {
 public:
  explicit HistoryStore(StateStore& state) : state_(state) {}
  BackupHistory read();
  void write(const BackupHistory& history);

 private:
  StateStore& state_;
};

}  // namespace fermata::backup
