#pragma once
#include <cstdint>
#include <memory>
#include <string_view>

#include "fermata/c/host_status.h"
#include "fermata/error.hpp"
#include "fermata/plugin.hpp"

namespace fermata {

/// One configured plugin that is enabled, as the host sees it. Views are borrowed until the cursor's next call.
struct PluginStatus {
  enum class State : uint32_t {
    starting = FERMATA_PLUGIN_STARTING,  ///< on its way up; it does not accept work yet
    serving = FERMATA_PLUGIN_SERVING,
    stopping = FERMATA_PLUGIN_STOPPING,  ///< on its way down
    left_out = FERMATA_PLUGIN_LEFT_OUT,  ///< the program runs without it
  };
  std::string_view instance;  ///< its name in the configuration
  std::string_view plugin;    ///< "storage-filesystem"
  std::string_view version;   ///< empty if it could not be loaded
  State state = State::starting;
  bool required = true;     ///< the program does not start without it
  std::string_view reason;  ///< why it is left out
};

class PluginStatusCursor {
 public:
  virtual ~PluginStatusCursor() = default;
  virtual bool next(PluginStatus& status) = 0;
};

/// What a plugin has counted since the program started (see Host::count). Views as in PluginStatus.
struct CounterStatus {
  std::string_view instance;  ///< or "host"
  std::string_view name;      ///< "refused_callers_total"
  uint64_t value = 0;
};

class CounterStatusCursor {
 public:
  virtual ~CounterStatusCursor() = default;
  virtual bool next(CounterStatus& counter) = 0;
};

/// What a plugin has set last (see Host::gauge). Views as in PluginStatus.
struct GaugeStatus {
  std::string_view instance;  ///< or "host"
  std::string_view name;      ///< "jobs_waiting"
  double value = 0;
};

class GaugeStatusCursor {
 public:
  virtual ~GaugeStatusCursor() = default;
  virtual bool next(GaugeStatus& gauge) = 0;
};

/// Something that is not as it should be (see Host::condition). Views as in PluginStatus.
struct Condition {
  std::string_view instance;  ///< or "host"
  std::string_view name;      ///< "disk-nearly-full"
  ConditionLevel level = ConditionLevel::fine;
  std::string_view text;    ///< a sentence for people
  std::string_view remedy;  ///< what they can do about it
  int64_t since_us = 0;     ///< when it began
};

class ConditionCursor {
 public:
  virtual ~ConditionCursor() = default;
  virtual bool next(Condition& condition) = 0;
};

/// A line of the log, as it was written. Views as in PluginStatus.
struct LogLine {
  uint64_t number = 0;  ///< ascending, without gaps
  int32_t level = 0;    ///< as LogLevel
  int64_t time_us = 0;
  std::string_view instance;  ///< or "host"
  std::string_view message;
  std::string_view fields;  ///< "port=104 bind=127.0.0.1"
};

class LogCursor {
 public:
  virtual ~LogCursor() = default;
  virtual bool next(LogLine& line) = 0;
};

/// An option as it is in force. Views as in PluginStatus.
struct Setting {
  std::string_view instance;        ///< or "host"
  std::string_view option;          ///< "limits.body", "nodes[0].host"
  std::string_view value;           ///< in YAML; empty where the schema says that it is secret
  std::string_view origin;          ///< "default", or where it stands: "fermata.yaml:12"
  std::string_view description;     ///< from the schema
  std::string_view description_de;  ///< the same in German; empty where the schema has none
};

class SettingCursor {
 public:
  virtual ~SettingCursor() = default;
  virtual bool next(Setting& setting) = 0;
};

/// How the program is: for whoever shows or watches it.
///
/// *Provided by* the host itself; *used by* http and the administration. **Thread**: all functions from any thread,
/// from `start` on. **Ownership**: a cursor holds what was true when it was made.
class HostStatus {
 public:
  static constexpr const char* kId = FERMATA_HOST_STATUS_ID;
  virtual ~HostStatus() = default;
  virtual std::string_view version() = 0;  ///< of the program
  virtual uint64_t started_us() = 0;       ///< since 1970-01-01 UTC
  virtual std::unique_ptr<PluginStatusCursor> plugins() = 0;
  virtual std::unique_ptr<CounterStatusCursor> counters() = 0;
  /// The latest lines of the log at info and above (some hundreds are kept) with a number greater than `after`.
  virtual std::unique_ptr<LogCursor> log(uint64_t /*after*/) {
    throw Error(Code::unsupported, "this program does not keep its log");
  }
  virtual std::unique_ptr<SettingCursor> settings() {
    throw Error(Code::unsupported, "this program does not list its settings");
  }
  virtual std::unique_ptr<GaugeStatusCursor> gauges() {
    throw Error(Code::unsupported, "this program does not keep gauges");
  }
  /// Those that are not fine, plugins that the program runs without among them.
  virtual std::unique_ptr<ConditionCursor> conditions() {
    throw Error(Code::unsupported, "this program does not keep conditions");
  }
};

}  // namespace fermata

#include "fermata/bridge/host_status.hpp"  // IWYU pragma: export
