#pragma once
#include <atomic>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>

#include "fermata/station_directory.hpp"
#include "station_record.hpp"

namespace fermata::discovery {

/// The stations that are on the network right now. One that is heard over several interfaces or addresses is one.
///
/// **Thread**: any. **Ownership**: a cursor has what was true when it was made.
class StationList final : public StationDirectory {
 public:
  using Clock = std::function<int64_t()>;  ///< microseconds since 1970-01-01 UTC

  explicit StationList(Clock clock) : clock_(std::move(clock)) {}

  /// What was heard under this key from now on; its time is set here. False if it was known, all of it.
  bool put(const std::string& key, StationRecord station);
  /// True if there was something under this key.
  bool remove(const std::string& key);
  void clear();
  /// A text that lives as long as the program; empty: the network is watched.
  void set_problem(const char* problem) { problem_ = problem; }

  std::unique_ptr<StationCursor> list() override;
  std::string_view problem() override { return problem_.load(); }

 private:
  const Clock clock_;
  std::atomic<const char*> problem_{""};
  std::mutex mutex_;
  std::map<std::string, StationRecord> heard_;
};

}  // namespace fermata::discovery
