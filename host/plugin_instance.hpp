#pragma once
#include <atomic>
#include <chrono>
#include <map>
#include <string>
#include <vector>

#include "assembly.hpp"
#include "conditions.hpp"
#include "counters.hpp"
#include "events.hpp"
#include "log.hpp"
#include "service_registry.hpp"

namespace fermata::host {

/// One plugin at work: its configuration, its view of the host, and where it is in its life.
///
/// **Thread**: the main thread; what it offers to the plugin may be called from any. **Ownership**: the destructor
/// stops and destroys the plugin, if nobody did. **Errors**: `create`, `start` and `serve` throw what the plugin
/// reports.
class PluginInstance {
 public:
  enum class State { loaded, created, starting, started, serving, stopped, failed };
  using Providers = std::map<std::string, std::vector<std::string>>;

  PluginInstance(const Part& part, Providers providers, ServiceRegistry& registry, Events& events, Logger& logger);
  ~PluginInstance();
  PluginInstance(const PluginInstance&) = delete;
  PluginInstance& operator=(const PluginInstance&) = delete;

  void create();
  void start();
  void serve();
  void drain(std::chrono::milliseconds deadline);
  void stop();     ///< only if it was started
  void destroy();  ///< only if it was created

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
};

}  // namespace fermata::host
