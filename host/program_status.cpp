#include "program_status.hpp"

#include <chrono>
#include <iterator>
#include <memory>
#include <utility>

namespace fermata::host {
namespace {

uint64_t now_us() {
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  return static_cast<uint64_t>(std::chrono::duration_cast<std::chrono::microseconds>(now).count());
}

class KeptPlugins final : public PluginStatusCursor {
 public:
  struct Kept {
    std::string instance, plugin, version, reason;
    PluginStatus::State state;
    bool required;
  };
  explicit KeptPlugins(std::vector<Kept> kept) : kept_(std::move(kept)) {}
  bool next(PluginStatus& status) override {
    if (at_ == kept_.size()) return false;
    const auto& k = kept_[at_++];
    status = {k.instance, k.plugin, k.version, k.state, k.required, k.reason};
    return true;
  }

 private:
  const std::vector<Kept> kept_;
  std::size_t at_ = 0;
};

class KeptCounters final : public CounterStatusCursor {
 public:
  struct Kept {
    std::string instance, name;
    uint64_t value;
  };
  explicit KeptCounters(std::vector<Kept> kept) : kept_(std::move(kept)) {}
  bool next(CounterStatus& counter) override {
    if (at_ == kept_.size()) return false;
    const auto& k = kept_[at_++];
    counter = {k.instance, k.name, k.value};
    return true;
  }

 private:
  const std::vector<Kept> kept_;
  std::size_t at_ = 0;
};

class KeptGauges final : public GaugeStatusCursor {
 public:
  struct Kept {
    std::string instance, name;
    double value;
  };
  explicit KeptGauges(std::vector<Kept> kept) : kept_(std::move(kept)) {}
  bool next(GaugeStatus& gauge) override {
    if (at_ == kept_.size()) return false;
    const auto& k = kept_[at_++];
    gauge = {k.instance, k.name, k.value};
    return true;
  }

 private:
  const std::vector<Kept> kept_;
  std::size_t at_ = 0;
};

class KeptConditions final : public ConditionCursor {
 public:
  using Kept = std::pair<std::string, Conditions::Kept>;  ///< with the name of the instance
  explicit KeptConditions(std::vector<Kept> kept) : kept_(std::move(kept)) {}
  bool next(Condition& condition) override {
    if (at_ == kept_.size()) return false;
    const auto& [instance, k] = kept_[at_++];
    condition = {instance, k.name, k.level, k.text, k.remedy, k.since_us};
    return true;
  }

 private:
  const std::vector<Kept> kept_;
  std::size_t at_ = 0;
};

class KeptLines final : public LogCursor {
 public:
  explicit KeptLines(std::vector<RecentLines::Line> kept) : kept_(std::move(kept)) {}
  bool next(LogLine& line) override {
    if (at_ == kept_.size()) return false;
    const auto& k = kept_[at_++];
    line = {k.number, k.level, k.time_us, k.instance, k.message, k.fields};
    return true;
  }

 private:
  const std::vector<RecentLines::Line> kept_;
  std::size_t at_ = 0;
};

class KeptSettings final : public SettingCursor {
 public:
  explicit KeptSettings(std::vector<EffectiveSetting> kept) : kept_(std::move(kept)) {}
  bool next(Setting& setting) override {
    if (at_ == kept_.size()) return false;
    const auto& k = kept_[at_++];
    setting = {k.instance, k.option, k.value, k.origin, k.description};
    return true;
  }

 private:
  const std::vector<EffectiveSetting> kept_;
  std::size_t at_ = 0;
};

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
    : started_us_(now_us()), log_(log), settings_(settings_of(assembly)) {
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
      entry.left_out_us = static_cast<int64_t>(now_us());
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
  std::vector<KeptPlugins::Kept> kept;
  const std::lock_guard lock(mutex_);
  for (const auto& e : entries_) kept.push_back({e.instance, e.plugin, e.version, e.reason, state_of(e), e.required});
  return std::make_unique<KeptPlugins>(std::move(kept));
}

std::unique_ptr<CounterStatusCursor> ProgramStatus::counters() {
  std::vector<KeptCounters::Kept> kept;
  kept.push_back({kHostInstance, "log_lines_left_out_total", log_.left_out()});
  const std::lock_guard lock(mutex_);
  for (const auto& e : entries_)
    if (e.running != nullptr)
      for (auto& [name, value] : e.running->counters().snapshot()) kept.push_back({e.instance, name, value});
  return std::make_unique<KeptCounters>(std::move(kept));
}

std::unique_ptr<GaugeStatusCursor> ProgramStatus::gauges() {
  std::vector<KeptGauges::Kept> kept;
  const std::lock_guard lock(mutex_);
  for (const auto& e : entries_)
    if (e.running != nullptr)
      for (auto& [name, value] : e.running->conditions().gauges()) kept.push_back({e.instance, name, value});
  return std::make_unique<KeptGauges>(std::move(kept));
}

std::unique_ptr<ConditionCursor> ProgramStatus::conditions() {
  std::vector<KeptConditions::Kept> kept;
  const std::lock_guard lock(mutex_);
  for (const auto& e : entries_) {
    if (!e.reason.empty())
      kept.push_back({e.instance,
                      {"left-out", ConditionLevel::failing, "The program runs without " + e.instance + ": " + e.reason,
                       "Put right what it says, and restart the program; or switch the plugin off with \"enabled: "
                       "false\" in the configuration",
                       e.left_out_us}});
    if (e.running != nullptr)
      for (auto& condition : e.running->conditions().kept()) kept.emplace_back(e.instance, std::move(condition));
  }
  return std::make_unique<KeptConditions>(std::move(kept));
}

std::unique_ptr<LogCursor> ProgramStatus::log(uint64_t after) {
  return std::make_unique<KeptLines>(log_.recent().after(after));
}

std::unique_ptr<SettingCursor> ProgramStatus::settings() { return std::make_unique<KeptSettings>(settings_); }

}  // namespace fermata::host
