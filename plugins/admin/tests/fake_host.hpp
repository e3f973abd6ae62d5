#pragma once
#include <memory>

#include "fermata/error.hpp"
#include "fermata/host_status.hpp"
#include "fermata/plugin.hpp"

namespace fermata::admin::testing {

/// A program with two plugins, of which one is left out, and a line in its log.
struct FakeHost final : HostStatus {
  struct Plugins final : PluginStatusCursor {
    bool next(PluginStatus& status) override {
      if (at == 2) return false;
      status = {at == 0 ? "archive" : "viewer-ohif", "p", "1.0", PluginStatus::State::serving, at == 0, ""};
      if (at++ == 1) {
        status.state = PluginStatus::State::left_out;
        status.reason = "its files are missing";
      }
      return true;
    }
    int at = 0;
  };
  struct Counters final : CounterStatusCursor {
    explicit Counters(uint64_t failures) : failed_writes(failures) {}
    bool next(CounterStatus& counter) override {
      if (done) return false;
      done = true;
      counter = {"audit", "failed_writes_total", failed_writes};
      return true;
    }
    const uint64_t failed_writes;
    bool done = false;
  };
  struct Lines final : LogCursor {
    explicit Lines(uint64_t after) : at(after) {}
    bool next(LogLine& line) override {
      if (done) return false;
      done = true;
      line = {at + 1, static_cast<int32_t>(LogLevel::warning), 1'000'000, "http", "careful", "port=1"};
      return true;
    }
    const uint64_t at;
    bool done = false;
  };
  uint64_t failed_writes = 0;

  std::string_view version() override { return "9.9"; }
  uint64_t started_us() override { return 2'000'000; }
  std::unique_ptr<PluginStatusCursor> plugins() override { return std::make_unique<Plugins>(); }
  std::unique_ptr<CounterStatusCursor> counters() override { return std::make_unique<Counters>(failed_writes); }
  std::unique_ptr<LogCursor> log(uint64_t after) override { return std::make_unique<Lines>(after); }
};

}  // namespace fermata::admin::testing
