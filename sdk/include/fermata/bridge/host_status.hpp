#pragma once
#include "fermata/bridge/bridge.hpp"
#include "fermata/host_status.hpp"

namespace fermata::bridge {

template <>
struct Convert<PluginStatus> {
  using c = fermata_plugin_status;
  static c to(const PluginStatus& s) {
    return {sizeof(c),
            static_cast<uint32_t>(s.state),
            str(s.instance),
            str(s.plugin),
            str(s.version),
            str(s.reason),
            s.required ? 1u : 0u,
            0};
  }
  static PluginStatus from(const c& v) {
    return {view(v.instance), view(v.plugin), view(v.version), static_cast<PluginStatus::State>(v.state),
            v.required != 0,  view(v.reason)};
  }
};
template <>
struct Wire<PluginStatus&> : GivenOut<PluginStatus> {};
template <>
struct Bridge<PluginStatusCursor>
    : CursorBridge<PluginStatusCursor, PluginStatus, fermata_plugin_status_cursor_vt, fermata_plugin_status_cursor> {};

template <>
struct Convert<CounterStatus> {
  using c = fermata_counter_status;
  static c to(const CounterStatus& s) { return {sizeof(c), 0, str(s.instance), str(s.name), s.value}; }
  static CounterStatus from(const c& v) { return {view(v.instance), view(v.name), v.value}; }
};
template <>
struct Wire<CounterStatus&> : GivenOut<CounterStatus> {};
template <>
struct Bridge<CounterStatusCursor> : CursorBridge<CounterStatusCursor, CounterStatus, fermata_counter_status_cursor_vt,
                                                  fermata_counter_status_cursor> {};

template <>
struct Convert<LogLine> {
  using c = fermata_log_line;
  static c to(const LogLine& l) {
    return {sizeof(c), l.level, l.number, l.time_us, str(l.instance), str(l.message), str(l.fields)};
  }
  static LogLine from(const c& v) {
    return {v.number, v.level, v.time_us, view(v.instance), view(v.message), view(v.fields)};
  }
};
template <>
struct Wire<LogLine&> : GivenOut<LogLine> {};
template <>
struct Bridge<LogCursor> : CursorBridge<LogCursor, LogLine, fermata_log_cursor_vt, fermata_log_cursor> {};

template <>
struct Convert<Setting> {
  using c = fermata_setting;
  static c to(const Setting& s) {
    return {sizeof(c),          0,
            str(s.instance),    str(s.option),
            str(s.value),       str(s.origin),
            str(s.description), str(s.description_de)};
  }
  static Setting from(const c& v) {
    return {view(v.instance), view(v.option),      view(v.value),
            view(v.origin),   view(v.description), view(v.description_de)};
  }
};
template <>
struct Wire<Setting&> : GivenOut<Setting> {};
template <>
struct Bridge<SettingCursor> : CursorBridge<SettingCursor, Setting, fermata_setting_cursor_vt, fermata_setting_cursor> {
};

template <>
struct Convert<GaugeStatus> {
  using c = fermata_gauge_status;
  static c to(const GaugeStatus& s) { return {sizeof(c), 0, str(s.instance), str(s.name), s.value}; }
  static GaugeStatus from(const c& v) { return {view(v.instance), view(v.name), v.value}; }
};
template <>
struct Wire<GaugeStatus&> : GivenOut<GaugeStatus> {};
template <>
struct Bridge<GaugeStatusCursor>
    : CursorBridge<GaugeStatusCursor, GaugeStatus, fermata_gauge_status_cursor_vt, fermata_gauge_status_cursor> {};

template <>
struct Convert<Condition> {
  using c = fermata_condition;
  static c to(const Condition& s) {
    return {sizeof(c), static_cast<uint32_t>(s.level), str(s.instance), str(s.name), str(s.text), str(s.remedy),
            s.since_us};
  }
  static Condition from(const c& v) {
    return {view(v.instance), view(v.name),   static_cast<ConditionLevel>(v.level),
            view(v.text),     view(v.remedy), v.since_us};
  }
};
template <>
struct Wire<Condition&> : GivenOut<Condition> {};
template <>
struct Bridge<ConditionCursor>
    : CursorBridge<ConditionCursor, Condition, fermata_condition_cursor_vt, fermata_condition_cursor> {};

template <>
struct Bridge<HostStatus> {
  using Table = fermata_host_status_vt;
  static const Table* table() {
    static const Table t{sizeof(Table),
                         Thunk<&HostStatus::version>::call,
                         Thunk<&HostStatus::started_us>::call,
                         Thunk<&HostStatus::plugins>::call,
                         Thunk<&HostStatus::counters>::call,
                         Thunk<&HostStatus::log>::call,
                         Thunk<&HostStatus::settings>::call,
                         Thunk<&HostStatus::gauges>::call,
                         Thunk<&HostStatus::conditions>::call};
    return &t;
  }
  class Proxy final : public HostStatus, Remote<Table> {
   public:
    Proxy(const void* vt, void* self) : Remote(static_cast<const Table*>(vt), self) {}
    std::string_view version() override { return get<std::string_view>(&Table::version); }
    uint64_t started_us() override { return get<uint64_t>(&Table::started_us); }
    std::unique_ptr<PluginStatusCursor> plugins() override {
      return get<std::unique_ptr<PluginStatusCursor>>(&Table::plugins);
    }
    std::unique_ptr<CounterStatusCursor> counters() override {
      return get<std::unique_ptr<CounterStatusCursor>>(&Table::counters);
    }
    std::unique_ptr<LogCursor> log(uint64_t after) override {
      return get<std::unique_ptr<LogCursor>>(&Table::log, after);
    }
    std::unique_ptr<SettingCursor> settings() override { return get<std::unique_ptr<SettingCursor>>(&Table::settings); }
    std::unique_ptr<GaugeStatusCursor> gauges() override {
      return get<std::unique_ptr<GaugeStatusCursor>>(&Table::gauges);
    }
    std::unique_ptr<ConditionCursor> conditions() override {
      return get<std::unique_ptr<ConditionCursor>>(&Table::conditions);
    }
  };
};

}  // namespace fermata::bridge
