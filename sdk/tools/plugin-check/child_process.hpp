#pragma once
#include <chrono>
#include <functional>
#include <string>

namespace fermata::plugin_check {

/// How a child process ended.
struct Ending {
  enum class Kind { exited, killed_by_signal, took_too_long };
  Kind kind = Kind::exited;
  int number = 0;  ///< exit code, or signal
  std::string output;
  std::chrono::duration<double> time{};
};

/// Runs `work` in a child process; what it returns is the exit code. When the time is over, the child and all processes
/// it has started are killed. `output` is what they have written to standard output and error, up to 64 KiB.
///
/// **Thread**: the process must have no other: the child has only this one.
Ending run_in_child(std::chrono::milliseconds limit, const std::function<int()>& work);

}  // namespace fermata::plugin_check
