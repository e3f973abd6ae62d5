#pragma once
#include "fermata/bridge/bridge.hpp"
#include "fermata/host_status.hpp"

namespace fermata::bridge {

template <>
struct Wire<PluginStatus&> {
  using c = fermata_plugin_status*;
  struct Box {
    c target;
    PluginStatus status{};
    operator PluginStatus&() { return status; }
    ~Box() {
      deliver({sizeof *target, static_cast<uint32_t>(status.state), str(status.instance), str(status.plugin),
               str(status.version), str(status.reason), status.required ? 1u : 0u, 0},
              *target);
    }
  };
  static Box from(c v) { return Box{v}; }
};

template <>
struct Wire<CounterStatus&> {
  using c = fermata_counter_status*;
  struct Box {
    c target;
    CounterStatus counter{};
    operator CounterStatus&() { return counter; }
    ~Box() { deliver({sizeof *target, 0, str(counter.instance), str(counter.name), counter.value}, *target); }
  };
  static Box from(c v) { return Box{v}; }
};

template <>
struct Bridge<PluginStatusCursor> {
  using Table = fermata_plugin_status_cursor_vt;
  using Handle = fermata_plugin_status_cursor;
  static const Table* table() {
    static const Table t{sizeof(Table), destroy<PluginStatusCursor>, Thunk<&PluginStatusCursor::next>::call};
    return &t;
  }
  class Proxy final : public PluginStatusCursor, OwnedRemote<Table> {
   public:
    explicit Proxy(Handle h) : OwnedRemote(h.vt, h.self) {}
    bool next(PluginStatus& status) override {
      fermata_plugin_status c{};
      c.size = sizeof c;
      const bool more = get<bool>(&Table::next, &c);
      status = {view(c.instance), view(c.plugin), view(c.version), static_cast<PluginStatus::State>(c.state),
                c.required != 0,  view(c.reason)};
      return more;
    }
  };
};

template <>
struct Bridge<CounterStatusCursor> {
  using Table = fermata_counter_status_cursor_vt;
  using Handle = fermata_counter_status_cursor;
  static const Table* table() {
    static const Table t{sizeof(Table), destroy<CounterStatusCursor>, Thunk<&CounterStatusCursor::next>::call};
    return &t;
  }
  class Proxy final : public CounterStatusCursor, OwnedRemote<Table> {
   public:
    explicit Proxy(Handle h) : OwnedRemote(h.vt, h.self) {}
    bool next(CounterStatus& counter) override {
      fermata_counter_status c{};
      c.size = sizeof c;
      const bool more = get<bool>(&Table::next, &c);
      counter = {view(c.instance), view(c.name), c.value};
      return more;
    }
  };
};

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
    return {sizeof(c), 0, str(s.instance), str(s.option), str(s.value), str(s.origin), str(s.description)};
  }
  static Setting from(const c& v) {
    return {view(v.instance), view(v.option), view(v.value), view(v.origin), view(v.description)};
  }
};
template <>
struct Wire<Setting&> : GivenOut<Setting> {};
template <>
struct Bridge<SettingCursor> : CursorBridge<SettingCursor, Setting, fermata_setting_cursor_vt, fermata_setting_cursor> {
};

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
                         Thunk<&HostStatus::settings>::call};
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
  };
};

}  // namespace fermata::bridge
