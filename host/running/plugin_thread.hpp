#pragma once
#include <chrono>
#include <functional>
#include <memory>
#include <thread>

namespace fermata::host {

/// The thread on which the host makes its calls to one plugin, one after the other.
///
/// A call that does not come back can be given up; the thread is then of no use until it does.
/// **Thread**: one that calls. **Ownership**: the destructor waits for the thread, except for one that is still in a
/// call given up: whatever that call uses has to live as long as the process.
class PluginThread {
 public:
  using Clock = std::chrono::steady_clock;
  using Step = std::function<void()>;
  /// Asked again whenever it has passed: it may have moved.
  using Deadline = std::function<Clock::time_point()>;
  /// Called on the thread after a call that was given up has ended after all; `failed` if that threw.
  using Late = std::function<void(bool failed)>;

  PluginThread();
  ~PluginThread();
  PluginThread(const PluginThread&) = delete;
  PluginThread& operator=(const PluginThread&) = delete;

  /// Runs `step` and waits for its end; not while it is stuck. **Errors**: what it throws.
  void call(Step step);
  /// False: it was given up at the deadline, and `late` follows if it ever ends. **Errors**: what `step` throws in
  /// time.
  bool call_until(const Deadline& deadline, Step step, Late late);
  /// Whether it is still in a call that was given up.
  bool stuck() const;
  /// At the end: waits for a `late` that is running, and allows none from here on. Whether it is stuck, now for good.
  bool part();

 private:
  struct State;
  static void run(const std::shared_ptr<State>& state);

  std::shared_ptr<State> state_;
  std::thread thread_;
};

}  // namespace fermata::host
