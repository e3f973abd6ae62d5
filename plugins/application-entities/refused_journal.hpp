#pragma once
#include <chrono>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>

#include "fermata/state_store.hpp"
#include "refused_callers.hpp"

namespace fermata::application_entities {

inline constexpr std::string_view kRefusedCollection = "application-entities.refused";

/// Carries the refused callers over to the next run: reads them from the state store, and writes them there in the
/// background, all in one document, so that a flood of callers costs one write in an interval.
///
/// **Thread**: its own, and the one that calls `read`, `start` and `stop`. **Errors**: what can't be read or written is
/// warned about, once, and tried again; it never stops anything.
class RefusedJournal {
 public:
  using Warn = std::function<void(const std::string&)>;

  RefusedJournal(RefusedCallers& callers, StateStore& store, std::chrono::milliseconds interval, Warn warn);
  ~RefusedJournal();
  RefusedJournal(const RefusedJournal&) = delete;
  RefusedJournal& operator=(const RefusedJournal&) = delete;

  void read();
  void start();
  /// Writes what is left.
  void stop();

 private:
  void run();
  void write();

  RefusedCallers& callers_;
  StateStore& store_;
  const std::chrono::milliseconds interval_;
  const Warn warn_;
  std::mutex mutex_;
  std::condition_variable wake_;
  bool stopping_ = false;
  bool failing_ = false;  ///< of the thread; after its end, of `stop`
  std::thread thread_;
};

}  // namespace fermata::application_entities
