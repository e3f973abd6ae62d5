#pragma once
#include <cstdint>
#include <mutex>
#include <string>
#include <vector>

#include "configuration/effective_settings.hpp"
#include "fermata/host_status.hpp"
#include "loading/assembly.hpp"
#include "log/log.hpp"
#include "running/plugin_instance.hpp"

namespace fermata::host {

/// How the program and its plugins are, for plugins that ask.
///
/// **Thread**: any; `add`, `leave_out` and `stopping` come from the main thread. **Ownership**: the instances outlive
/// it.
class ProgramStatus final : public HostStatus {
 public:
  ProgramStatus(const Assembly& assembly, const Log& log);

  void add(std::size_t part, const PluginInstance& instance);
  void leave_out(const std::string& instance, const std::string& reason);
  void stopping();

  std::string_view version() override;
  uint64_t started_us() override { return started_us_; }
  std::unique_ptr<PluginStatusCursor> plugins() override;
  std::unique_ptr<CounterStatusCursor> counters() override;
  std::unique_ptr<LogCursor> log(uint64_t after) override;
  std::unique_ptr<SettingCursor> settings() override;
  std::unique_ptr<GaugeStatusCursor> gauges() override;
  std::unique_ptr<ConditionCursor> conditions() override;

 private:
  struct Entry {
    std::string instance;
    std::string plugin;
    std::string version;
    bool required = true;
    std::string reason;                       ///< why it is left out; under mutex_
    const PluginInstance* running = nullptr;  ///< null if it could not be loaded
    int64_t left_out_us = 0;                  ///< since when, with a reason
  };

  PluginStatus::State state_of(const Entry& entry) const;

  const uint64_t started_us_;
  const Log& log_;
  const std::vector<EffectiveSetting> settings_;
  std::mutex mutex_;
  std::vector<Entry> entries_;  ///< in the order of the configuration
  bool stopping_ = false;       ///< under mutex_
};

}  // namespace fermata::host
