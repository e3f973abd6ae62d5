#include "system/health_report.hpp"

#include <string>

#include "json_body.hpp"

namespace fermata::admin {
namespace json = boost::json;
namespace {

constexpr uint64_t kNearlyFullPercent = 5;
constexpr uint64_t kSoon = 14;
constexpr std::string_view kAudit = "audit";
constexpr std::string_view kFailedWrites = "failed_writes_total";

const char* name_of(PluginStatus::State state) {
  switch (state) {
    case PluginStatus::State::starting:
      return "starting";
    case PluginStatus::State::serving:
      return "serving";
    case PluginStatus::State::stopping:
      return "stopping";
    case PluginStatus::State::left_out:
      return "left_out";
  }
  return "";
}

}  // namespace

json::object HealthReport::object() const {
  look();
  json::array plugins;
  const auto cursor = host_.plugins();
  for (PluginStatus plugin; cursor->next(plugin);)
    plugins.push_back(json::object{{"instance", utf8(plugin.instance)},
                                   {"plugin", utf8(plugin.plugin)},
                                   {"version", utf8(plugin.version)},
                                   {"state", name_of(plugin.state)},
                                   {"required", plugin.required},
                                   {"reason", utf8(plugin.reason)}});
  json::array warnings;
  const auto conditions = host_.conditions();
  for (Condition condition; conditions->next(condition);)
    warnings.push_back(json::object{{"plugin", utf8(condition.instance)},
                                    {"condition", utf8(condition.name)},
                                    {"failing", condition.level == ConditionLevel::failing},
                                    {"since", time_value(condition.since_us)},
                                    {"text", utf8(condition.text)},
                                    {"remedy", utf8(condition.remedy)}});
  return {{"version", utf8(host_.version())},
          {"started", time_value(static_cast<int64_t>(host_.started_us()))},
          {"plugins", std::move(plugins)},
          {"warnings", std::move(warnings)}};
}

bool HealthReport::degraded() const {
  const auto conditions = host_.conditions();
  for (Condition condition; conditions->next(condition);)
    if (condition.level == ConditionLevel::failing) return true;
  return false;
}

void HealthReport::look() const {
  look_at_room();
  look_at_audit();
  look_at_stations();
}

void HealthReport::look_at_room() const {
  constexpr std::string_view kRemedy =
      "Make room, or put the archive onto a larger disk; deleted studies take room until the "
      "trash lets go of them";
  const auto room = storage_.capacity();
  if (room && room->available < room->total / 100 * kNearlyFullPercent)
    return journal_.condition("disk", ConditionLevel::failing, "The disk is nearly full; new images will be refused",
                              kRemedy);
  const auto days = storage_.full_in_days();
  if (days && *days <= kSoon)
    return journal_.condition(
        "disk", ConditionLevel::warning,
        "If it goes on as in the last 30 days, the disk is full in " + std::to_string(*days) + " days", kRemedy);
  journal_.condition("disk", ConditionLevel::fine, {}, {});
}

/// The plugin audit counts what it could not write, and goes on.
void HealthReport::look_at_audit() const {
  const auto counters = host_.counters();
  for (CounterStatus counter; counters->next(counter);)
    if (counter.instance == kAudit && counter.name == kFailedWrites && counter.value != 0)
      journal_.condition("audit-trail", ConditionLevel::failing,
                         "The audit trail could not be written " + std::to_string(counter.value) +
                             " times since the program was started",
                         "The log says why; mostly the disk is full, or the folder can't be written to");
}

void HealthReport::look_at_stations() const {
  const std::string problem(stations_ == nullptr ? "" : stations_->problem());
  if (problem.empty()) return journal_.condition("stations", ConditionLevel::fine, {}, {});
  journal_.condition("stations", ConditionLevel::warning,
                     "Stations on the network are not found by themselves: " + problem,
                     "Nodes that are added by hand work all the same");
}

}  // namespace fermata::admin
