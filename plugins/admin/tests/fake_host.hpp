#pragma once
#include <map>
#include <memory>
#include <string>

#include "fermata/error.hpp"
#include "fermata/host_status.hpp"
#include "fermata/journal.hpp"
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
  struct Conditions final : ConditionCursor {
    explicit Conditions(const std::map<std::string, std::string>& all) : told(all), at(all.begin()) {}
    bool next(Condition& condition) override {
      if (at == told.end()) return false;
      condition = {"admin", at->first, ConditionLevel::failing, at->second, "do something", 2'000'000};
      ++at;
      return true;
    }
    const std::map<std::string, std::string>& told;
    std::map<std::string, std::string>::const_iterator at;
  };
  uint64_t failed_writes = 0;
  std::map<std::string, std::string> told{{"left-out", "The program runs without viewer-ohif: its files are missing"}};

  Journal journal() {
    Journal journal;
    journal.condition = [this](std::string_view name, ConditionLevel level, std::string_view text, std::string_view) {
      told.erase(std::string(name));
      if (level != ConditionLevel::fine) told.emplace(name, text);
    };
    return journal;
  }

  std::string_view version() override { return "9.9"; }
  uint64_t started_us() override { return 2'000'000; }
  std::unique_ptr<PluginStatusCursor> plugins() override { return std::make_unique<Plugins>(); }
  std::unique_ptr<CounterStatusCursor> counters() override { return std::make_unique<Counters>(failed_writes); }
  std::unique_ptr<ConditionCursor> conditions() override { return std::make_unique<Conditions>(told); }
  std::unique_ptr<LogCursor> log(uint64_t after) override { return std::make_unique<Lines>(after); }
};

}  // namespace fermata::admin::testing
