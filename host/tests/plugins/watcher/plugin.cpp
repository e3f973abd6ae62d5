#include "fermata/plugin.hpp"

#include <iostream>
#include <string>

#include "fermata/command.hpp"
#include "fermata/host_status.hpp"
#include "fermata_plugin_schema.hpp"

namespace {

using namespace fermata;

/// A verb that needs the others only for some of its work.
class Shout final : public Command {
 public:
  std::string_view name() override { return "shout"; }
  std::string_view summary() override { return "says whether anybody was started"; }
  bool needs_plugins(std::span<const std::string_view> arguments) override { return arguments.empty(); }
  int32_t run(std::span<const std::string_view>) override {
    std::cout << (started ? "[started]" : "[alone]") << std::endl;
    return 5;
  }
  bool started = false;
};

class WatcherPlugin final : public Plugin {
 public:
  using Provides = fermata::Provides<Command>;
  using Needs = fermata::Needs<One<HostStatus>>;

  WatcherPlugin(Host host, Config) : host_(host) { host_.publish<Command>(shout_); }

  void start() override {
    shout_.started = true;
    status_ = host_.one<HostStatus>();
  }
  void serve() override {
    host_.info("program", {{"version", std::string(status_->version())},
                           {"started", std::to_string(status_->started_us() / 1'000'000)}});
    look("at serve");
    host_.gauge("birds_seen", 1.5);
    host_.condition("birds", ConditionLevel::warning, "old", "wait");
    host_.condition("birds", ConditionLevel::failing, "No bird was seen", "Look again");
    host_.condition("weather", ConditionLevel::failing, "Rain", "Wait");
    host_.condition("weather", ConditionLevel::fine);
  }
  void drain(std::chrono::milliseconds) override {
    look("at drain");
    const auto counters = status_->counters();
    for (CounterStatus c; counters->next(c);)
      host_.info("counter",
                 {{"of", std::string(c.instance)}, {"name", std::string(c.name)}, {"value", std::to_string(c.value)}});
    const auto gauges = status_->gauges();
    for (GaugeStatus g; gauges->next(g);)
      host_.info("gauge",
                 {{"of", std::string(g.instance)}, {"name", std::string(g.name)}, {"value", std::to_string(g.value)}});
    const auto conditions = status_->conditions();
    for (Condition c; conditions->next(c);)
      host_.info("condition", {{"of", std::string(c.instance)},
                               {"name", std::string(c.name)},
                               {"degree", std::to_string(static_cast<uint32_t>(c.level))},
                               {"text", std::string(c.text)},
                               {"remedy", std::string(c.remedy)},
                               {"since", std::to_string(c.since_us / 1'000'000)}});
  }

 private:
  void look(const std::string& when) {
    static constexpr const char* kStates[] = {"starting", "serving", "stopping", "left out"};
    const auto plugins = status_->plugins();
    for (PluginStatus p; plugins->next(p);)
      host_.info(when, {{"sees", std::string(p.instance)},
                        {"library", std::string(p.plugin)},
                        {"version", std::string(p.version)},
                        {"state", kStates[static_cast<uint32_t>(p.state)]},
                        {"required", p.required ? "yes" : "no"},
                        {"reason", std::string(p.reason)}});
  }

  Host host_;
  Shout shout_;
  std::unique_ptr<HostStatus> status_;
};

}  // namespace

FERMATA_PLUGIN(WatcherPlugin);
