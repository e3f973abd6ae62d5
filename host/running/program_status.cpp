#include "running/program_status.hpp"

#include <iterator>
#include <memory>
#include <utility>

#include "fermata/timestamp.hpp"

namespace fermata::host {
namespace {

/// A list that was true when it was made, as a cursor; what it hands out are views of it.
template <class Cursor, class Item, class Kept, Item (*view_of)(const Kept&)>
class KeptList final : public Cursor {
 public:
  explicit KeptList(std::vector<Kept> kept) : kept_(std::move(kept)) {}
  bool next(Item& item) override {
    if (at_ == kept_.size()) return false;
    item = view_of(kept_[at_++]);
    return true;
  }

 private:
  const std::vector<Kept> kept_;
  std::size_t at_ = 0;
};

struct KeptPlugin {
  std::string instance, plugin, version, reason;
  PluginStatus::State state;
  bool required;
};
template <class Value>
struct KeptValue {
  std::string instance, name;
  Value value;
};
struct KeptCondition {
  std::string instance;
  Conditions::Kept condition;
};

PluginStatus view_of(const KeptPlugin& k) { return {k.instance, k.plugin, k.version, k.state, k.required, k.reason}; }
CounterStatus view_of(const KeptValue<uint64_t>& k) { return {k.instance, k.name, k.value}; }
GaugeStatus view_of(const KeptValue<double>& k) { return {k.instance, k.name, k.value}; }
Condition view_of(const KeptCondition& k) {
  const auto& c = k.condition;
  return {k.instance, c.name, c.level, c.text, c.remedy, c.since_us};
}
LogLine view_of(const RecentLines::Line& k) { return {k.number, k.level, k.time_us, k.instance, k.message, k.fields}; }
Setting view_of(const EffectiveSetting& k) {
  return {k.instance, k.option, k.value, k.origin, k.description, k.description_de};
}

using KeptPlugins = KeptList<PluginStatusCursor, PluginStatus, KeptPlugin, view_of>;
using KeptCounters = KeptList<CounterStatusCursor, CounterStatus, KeptValue<uint64_t>, view_of>;
using KeptGauges = KeptList<GaugeStatusCursor, GaugeStatus, KeptValue<double>, view_of>;
using KeptConditions = KeptList<ConditionCursor, Condition, KeptCondition, view_of>;
using KeptLines = KeptList<LogCursor, LogLine, RecentLines::Line, view_of>;
using KeptSettings = KeptList<SettingCursor, Setting, EffectiveSetting, view_of>;

std::vector<EffectiveSetting> settings_of(const Assembly& assembly) {
  auto out = effective_settings(kHostInstance, host_schema(), assembly.host);
  for (const auto& part : assembly.parts) {
    if (!part.library) continue;
    auto more = effective_settings(part.settings.instance, part.library->schema(), part.config);
    std::move(more.begin(), more.end(), std::back_inserter(out));
  }
  return out;
}

}  // namespace

ProgramStatus::ProgramStatus(const Assembly& assembly, const Log& log)
    : started_us_(static_cast<uint64_t>(now_us())), log_(log), settings_(settings_of(assembly)) {
  for (const auto& part : assembly.parts)
    entries_.push_back({part.settings.instance, part.settings.plugin, part.library ? part.library->version() : "",
                        part.settings.required, "", nullptr});
}

void ProgramStatus::add(std::size_t part, const PluginInstance& instance) {
  const std::lock_guard lock(mutex_);
  entries_[part].running = &instance;
}

void ProgramStatus::leave_out(const std::string& instance, const std::string& reason) {
  const std::lock_guard lock(mutex_);
  for (auto& entry : entries_)
    if (entry.instance == instance) {
      entry.reason = reason;
      entry.left_out_us = now_us();
    }
}

void ProgramStatus::stopping() {
  const std::lock_guard lock(mutex_);
  stopping_ = true;
}

std::string_view ProgramStatus::version() { return FERMATA_VERSION; }

PluginStatus::State ProgramStatus::state_of(const Entry& entry) const {
  using State = PluginStatus::State;
  if (!entry.reason.empty() || entry.running == nullptr) return State::left_out;
  if (stopping_) return State::stopping;
  switch (entry.running->state()) {
    case PluginInstance::State::serving:
      return State::serving;
    case PluginInstance::State::stopped:
      return State::stopping;
    case PluginInstance::State::failed:
      return State::left_out;
    default:
      return State::starting;
  }
}

std::unique_ptr<PluginStatusCursor> ProgramStatus::plugins() {
  std::vector<KeptPlugin> kept;
  const std::lock_guard lock(mutex_);
  for (const auto& e : entries_) kept.push_back({e.instance, e.plugin, e.version, e.reason, state_of(e), e.required});
  return std::make_unique<KeptPlugins>(std::move(kept));
}

std::unique_ptr<CounterStatusCursor> ProgramStatus::counters() {
  std::vector<KeptValue<uint64_t>> kept;
  kept.push_back({kHostInstance, "log_lines_left_out_total", log_.left_out()});
  const std::lock_guard lock(mutex_);
  for (const auto& e : entries_)
    if (e.running != nullptr)
      for (auto& [name, value] : e.running->counters().snapshot()) kept.push_back({e.instance, name, value});
  return std::make_unique<KeptCounters>(std::move(kept));
}

std::unique_ptr<GaugeStatusCursor> ProgramStatus::gauges() {
  std::vector<KeptValue<double>> kept;
  const std::lock_guard lock(mutex_);
  for (const auto& e : entries_)
    if (e.running != nullptr)
      for (auto& [name, value] : e.running->conditions().gauges()) kept.push_back({e.instance, name, value});
  return std::make_unique<KeptGauges>(std::move(kept));
}

std::unique_ptr<ConditionCursor> ProgramStatus::conditions() {
  std::vector<KeptCondition> kept;
  const std::lock_guard lock(mutex_);
  for (const auto& e : entries_) {
    if (!e.reason.empty())
      kept.push_back({e.instance,
                      {"left-out", ConditionLevel::failing, "The program runs without " + e.instance + ": " + e.reason,
                       "Put right what it says, and restart the program; or switch the plugin off with \"enabled: "
                       "false\" in the configuration",
                       e.left_out_us}});
    if (e.running != nullptr)
      for (auto& condition : e.running->conditions().kept()) kept.push_back({e.instance, std::move(condition)});
  }
  return std::make_unique<KeptConditions>(std::move(kept));
}

std::unique_ptr<LogCursor> ProgramStatus::log(uint64_t after) {
  return std::make_unique<KeptLines>(log_.recent().after(after));
}

std::unique_ptr<SettingCursor> ProgramStatus::settings() { return std::make_unique<KeptSettings>(settings_); }

}  // namespace fermata::host
