#pragma once
#include <chrono>

#include "exit_code.hpp"
#include "work.hpp"

namespace fermata::host {

/// The verb `serve`: starts the plugins, waits until the program is to end, and stops them.
///
/// Needs `block_signals` first. `begin`: when the program began, for how long its start took.
ExitCode serve(Work& work, std::chrono::steady_clock::time_point begin);

}  // namespace fermata::host
