#pragma once
#include <functional>
#include <thread>

#include "running/events.hpp"

namespace fermata::host {

/// Turns signals into events: SIGTERM and SIGINT stop, a second one stops at once, SIGHUP opens the logs anew.
///
/// Needs `block_signals` first. **Thread**: has one of its own.
class Signals {
 public:
  /// `give_up` runs, on the thread of this object, when the program has not ended some seconds after the second signal.
  Signals(Events& events, std::function<void()> give_up);
  ~Signals();
  Signals(const Signals&) = delete;
  Signals& operator=(const Signals&) = delete;

 private:
  void watch();
  void handle(int signal);

  Events& events_;
  std::function<void()> give_up_;
  int signals_;  ///< descriptors
  int finished_;
  int stops_ = 0;
  std::thread thread_;
};

/// Keeps the signals above from ending the program. To be called before there is any thread: they inherit it.
void block_signals();

/// A peer that hangs up must not end the program.
void ignore_broken_pipes();

}  // namespace fermata::host
