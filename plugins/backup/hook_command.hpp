#pragma once
#include <chrono>
#include <map>
#include <string>
#include <vector>

namespace fermata::backup {

/// A program and its arguments, as the configuration has them: no shell, nothing is expanded.
using HookCommand = std::vector<std::string>;

/// Runs it, with additional environment variables, and waits for its end. What it writes goes to the program's own
/// standard error. **Errors**: unavailable: it can't be started, fails, or takes longer than `limit` (and is killed).
void run_hook(const HookCommand& command, const std::map<std::string, std::string>& variables,
              std::chrono::milliseconds limit);

}  // namespace fermata::backup
