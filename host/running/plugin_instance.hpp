#pragma once
#include <atomic>
#include <chrono>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "loading/assembly.hpp"
#include "log/log.hpp"
#include "running/conditions.hpp"
#include "running/counters.hpp"
#include "running/events.hpp"
#include "running/plugin_thread.hpp"
#include "running/service_registry.hpp"

namespace fermata::host {

/// One plugin at work: its configuration, its view of the host, and where it is in its life.
///
/// **Thread**: the main thread; what it offers to the plugin may be called from any. The plugin is called on a thread
/// of its own. **Ownership**: the destructor stops and destroys the plugin, if nobody did, unless it is stuck.
/// **Errors**: `create`, `start` and `serve` throw what the plugin reports, or Error unavailable when it does not come
/// back in time.
class PluginInstance {
 public:
  enum class State { loaded, created, starting, started, serving, stopped, failed };
  using Providers = std::map<std::string, std::vector<std::string>>;

  PluginInstance(const Part& part, Providers providers, ServiceRegistry& registry, Events& events, Logger& logger);
  ~PluginInstance();
  PluginInstance(const PluginInstance&) = delete;
  PluginInstance& operator=(const PluginInstance&) = delete;

  /// One that is not required is given up after `limit`. A required one may take longer while it goes on logging.
  void create(std::optional<std::chrono::milliseconds> limit);
  void start(std::optional<std::chrono::milliseconds> limit);
  void serve(std::optional<std::chrono::milliseconds> limit);
  void drain(std::chrono::milliseconds deadline);
  bool stop();     ///< only if it was started and is not stuck; whether it did
  void destroy();  ///< only if it was created and is not stuck
  /// It was given up and has not come back: nothing that it may use can be destroyed.
  bool stuck() const { return thread_.stuck(); }

  const std::string& name() const { return name_; }
  const PluginLibrary& library() const { return *library_; }
  const Providers& providers() const { return providers_; }
  const Counters& counters() const { return counters_; }
  const Conditions& conditions() const { return conditions_; }
  bool required() const { return required_; }
  State state() const { return state_; }
  bool running() const { return state_ == State::started || state_ == State::serving; }

 private:
  fermata_host offer();
  int32_t publish(const fermata_service& service, fermata_error* error);
  int32_t lookup(const std::string& id, uint64_t number, fermata_service* out, fermata_error* error) const;
  int32_t provider(const std::string& id, uint64_t number, fermata_str* out, fermata_error* error) const;
  void check_published() const;
  void heard();
  void call_in_time(PluginThread::Step step, std::optional<std::chrono::milliseconds> limit, PluginThread::Late late);
  PluginThread::Step step(int32_t (*fermata_plugin_vt::*function)(void*, fermata_error*));
  // On the plugin's thread, when a call that was given up has ended after all.
  void created_late(bool failed);
  void started_late(bool failed);
  void served_late(bool failed);
  void report_late(const char* outcome);

  const std::string name_;
  const bool required_;
  const std::shared_ptr<const PluginLibrary> library_;
  const ValueTree config_;
  const Providers providers_;
  ServiceRegistry& registry_;
  Events& events_;
  Logger& logger_;
  Counters counters_;
  Conditions conditions_;
  const fermata_host host_;
  fermata_plugin plugin_{};
  std::atomic<State> state_{State::loaded};
  std::atomic<PluginThread::Clock::time_point> last_heard_{};  ///< when it logged something
  PluginThread thread_;
};

}  // namespace fermata::host
