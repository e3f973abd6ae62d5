#pragma once
#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "loading/assembly.hpp"
#include "log/log.hpp"
#include "running/events.hpp"
#include "running/plugin_instance.hpp"
#include "running/program_status.hpp"
#include "running/service_registry.hpp"

namespace fermata::host {

/// The plugins of an assembly through their life: created and started in the order of their needs, drained, stopped and
/// destroyed in reverse.
///
/// **Thread**: the main thread. **Ownership**: the destructor stops and destroys what is left.
/// **Errors**: Error when a required plugin can't be created, started or serve. One that is not required is left out,
/// together with those not required that need it, and logged.
/// Not to come back from creation, `start` or `serve` within the limit is a failure like any other.
class Application {
 public:
  using Limit = std::optional<std::chrono::milliseconds>;

  /// Without a limit, plugins are waited for however long they take.
  Application(const Assembly& assembly, Log& log, Events& events, Limit limit = {});
  ~Application();
  Application(const Application&) = delete;
  Application& operator=(const Application&) = delete;

  void create();
  /// False if a stop was requested on the way; `progress` is told the plugin that starts next.
  bool start(const std::function<void(const std::string&)>& progress = {});
  void serve();
  void drain(std::chrono::milliseconds deadline);
  void stop();

  /// A plugin that was given up has not come back: nothing may be destroyed, the process has to end as it is.
  bool stuck() const;
  std::size_t running() const;
  /// Instances the program runs without.
  const std::vector<std::string>& left_out() const { return left_out_; }
  /// All that the running plugins publish under an id.
  std::vector<Service> services(const std::string& id) const;

 private:
  void attempt(PluginInstance& plugin, const char* what, const std::function<void()>& step);
  void leave_out(const std::string& name, const std::string& reason);
  std::string missing_provider(const PluginInstance& plugin) const;
  void log_counters(const PluginInstance& plugin);

  const Limit limit_;
  Log& log_;
  Logger& logger_;
  Events& events_;
  ServiceRegistry registry_;
  std::vector<std::unique_ptr<PluginInstance>> plugins_;  ///< in the order of starting
  ProgramStatus status_;
  std::vector<std::string> left_out_;
};

}  // namespace fermata::host
