#pragma once
#include <memory>
#include <optional>

#include "configuration/configuration.hpp"
#include "loading/assembly.hpp"
#include "log/log.hpp"
#include "running/application.hpp"
#include "running/events.hpp"
#include "signals.hpp"

namespace fermata::host {

/// The plugins at work, and all that they use: for one run of the program.
///
/// **Thread**: the main thread; `end_without_plugins` any.
struct Work {
  /// **Errors**: WrongConfiguration if the log can't be opened.
  Work(Configuration settings, Assembly assembled, const LogSettings& log_settings);

  /// Ends the process as it is, with what the log was given so far: plugins, or work of theirs, do not come back.
  [[noreturn]] void end_without_plugins(int code);

  const Configuration configuration;
  const Assembly assembly;
  const std::unique_ptr<Log> log;
  Events events;
  std::optional<Signals> signals;  ///< once somebody waits for them
  Application application;
};

}  // namespace fermata::host
