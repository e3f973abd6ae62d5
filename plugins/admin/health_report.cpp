#include "health_report.hpp"

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

json::object warning(std::string_view text, std::string_view remedy) {
  return {{"text", utf8(text)}, {"remedy", utf8(remedy)}};
}

}  // namespace

json::object HealthReport::object() const {
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
  warn_of_plugins(warnings);
  warn_of_room(warnings);
  warn_of_audit(warnings);
  if (const std::string problem(stations_ == nullptr ? "" : stations_->problem()); !problem.empty())
    warnings.push_back(warning("Stations on the network are not found by themselves: " + problem,
                               "Nodes that are added by hand work all the same"));
  return {{"version", utf8(host_.version())},
          {"started", time_value(static_cast<int64_t>(host_.started_us()))},
          {"plugins", std::move(plugins)},
          {"warnings", std::move(warnings)}};
}

bool HealthReport::degraded() const {
  const auto cursor = host_.plugins();
  for (PluginStatus plugin; cursor->next(plugin);)
    if (plugin.state == PluginStatus::State::left_out) return true;
  return disk_is_nearly_full();
}

void HealthReport::warn_of_plugins(json::array& warnings) const {
  const auto cursor = host_.plugins();
  for (PluginStatus plugin; cursor->next(plugin);)
    if (plugin.state == PluginStatus::State::left_out)
      warnings.push_back(
          warning("The program runs without " + std::string(plugin.instance) + ": " + std::string(plugin.reason),
                  "Put right what it says, and restart the program; or switch the plugin off with "
                  "\"enabled: false\" in the configuration"));
}

void HealthReport::warn_of_room(json::array& warnings) const {
  constexpr std::string_view kRemedy =
      "Make room, or put the archive onto a larger disk; deleted studies take room until the "
      "trash lets go of them";
  if (disk_is_nearly_full())
    warnings.push_back(warning("The disk is nearly full; new images will be refused", kRemedy));
  else if (const auto days = storage_.full_in_days(); days && *days <= kSoon)
    warnings.push_back(warning(
        "If it goes on as in the last 30 days, the disk is full in " + std::to_string(*days) + " days", kRemedy));
}

/// The plugin audit counts what it could not write, and goes on.
void HealthReport::warn_of_audit(json::array& warnings) const {
  const auto counters = host_.counters();
  for (CounterStatus counter; counters->next(counter);)
    if (counter.instance == kAudit && counter.name == kFailedWrites && counter.value != 0)
      warnings.push_back(warning("The audit trail could not be written " + std::to_string(counter.value) +
                                     " times since the program was started",
                                 "The log says why; mostly the disk is full, or the folder can't be written to"));
}

bool HealthReport::disk_is_nearly_full() const {
  const auto room = storage_.capacity();
  return room && room->available < room->total / 100 * kNearlyFullPercent;
}

}  // namespace fermata::admin
