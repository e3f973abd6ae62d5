#include "serving.hpp"

#include <fmt/format.h>

#include <iostream>
#include <string>

#include "command_desk.hpp"
#include "commands.hpp"
#include "fermata/error.hpp"
#include "service_manager.hpp"

namespace fermata::host {
namespace {

using Clock = std::chrono::steady_clock;

std::string seconds_since(Clock::time_point begin) {
  const auto ms = std::chrono::duration_cast<std::chrono::milliseconds>(Clock::now() - begin).count();
  return fmt::format("{}.{:03}", ms / 1000, ms % 1000);
}

ExitCode not_started(const Work& work, Logger& logger, ServiceManager& manager, const Error& reason) {
  logger.error("can't start", {{"reason", reason.what()}});
  manager.status(reason.what());
  // A log on standard error has just told it to whoever looks there.
  if (!work.configuration.log().file.empty()) std::cerr << "fermata: " << reason.what() << '\n';
  return exit_code(reason);
}

std::string ready_status(const Application& application) {
  const auto& left_out = application.left_out();
  return fmt::format("ready, {} plugins{}", application.running(),
                     left_out.empty() ? "" : fmt::format("; without {}", fmt::join(left_out, ", ")));
}

/// Waits for the end, and meanwhile opens logs anew and tells the watchdog that all is well.
void wait_for_stop(Work& work, ServiceManager& manager, const std::string& status) {
  const auto interval = manager.watchdog_interval();
  for (;;) {
    switch (work.events.wait_for(interval.value_or(std::chrono::hours(1)))) {
      case Events::Kind::stop:
        return;
      case Events::Kind::reopen_logs:
        manager.reloading();
        work.log->reopen();
        work.log->logger("host").info("log opened anew");
        manager.ready(status);
        break;
      case Events::Kind::none:
        break;
    }
    if (interval) manager.alive();
  }
}

}  // namespace

ExitCode serve(Work& work, Clock::time_point begin) {
  auto& application = work.application;
  Logger& logger = work.log->logger("host");
  work.signals.emplace(work.events, [&work, &logger] {
    logger.error("running work did not end; the program ends without it");
    work.end_without_plugins(static_cast<int>(ExitCode::failure));
  });
  ServiceManager manager;
  try {
    application.create();
    if (application.start([&](const std::string& plugin) { manager.status("starting " + plugin); }))
      application.serve();
  } catch (const Error& e) {
    return not_started(work, logger, manager, e);
  }

  if (!work.events.stop_requested()) {
    const auto status = ready_status(application);
    const auto desk = CommandDesk::open(work.configuration.control_socket(), commands_of(application), logger);
    logger.info("ready", {{"plugins", std::to_string(application.running())}, {"seconds", seconds_since(begin)}});
    manager.ready(status);
    wait_for_stop(work, manager, status);
  }
  manager.stopping();
  logger.info("stopping");
  application.drain(work.configuration.drain_deadline());
  application.stop();
  logger.info("stopped");
  return work.events.failure() ? ExitCode::failure : ExitCode::ok;
}

}  // namespace fermata::host
