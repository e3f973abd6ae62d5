#include "fermata/plugin.hpp"

#include <curl/curl.h>

#include <iostream>
#include <optional>

#include "fermata/periodic.hpp"
#include "fermata/timestamp.hpp"
#include "fermata_plugin_schema.hpp"
#include "mail.hpp"
#include "settings.hpp"
#include "test_command.hpp"
#include "watch.hpp"
#include "web_hook.hpp"

namespace fermata::alarms {
namespace {

constexpr std::chrono::seconds kLookingInterval{15};

class AlarmsPlugin final : public Plugin {
 public:
  using Provides = fermata::Provides<Command>;
  using Needs = fermata::Needs<One<HostStatus>, One<StateStore>>;

  AlarmsPlugin(const Host& host, Config config)
      : host_(host), settings_(read_settings(config)), command_(channels_, now_us, std::cout) {
    if (settings_.mail) channels_.push_back(std::make_unique<Mail>(*settings_.mail, settings_.sender, stopping_));
    if (settings_.web_hook)
      channels_.push_back(std::make_unique<WebHook>(*settings_.web_hook, settings_.sender, stopping_));
  }

  void start() override {
    curl_global_init(CURL_GLOBAL_DEFAULT);
    status_ = host_.one<HostStatus>();
    state_ = host_.one<StateStore>();
    watch_.emplace(*status_, *state_, channels_, settings_.rules, now_us, Journal(host_));
    host_.publish<Command>(command_);
  }
  void serve() override {
    looking_.start(kLookingInterval, Journal(host_), [this] { watch_->look(); });
  }
  void drain(std::chrono::milliseconds) override { end(); }
  void stop() noexcept override { end(); }

 private:
  void end() noexcept {
    stopping_ = true;
    looking_.stop();
  }

  const Host host_;
  const Settings settings_;
  std::atomic<bool> stopping_ = false;
  Channels channels_;
  TestCommand command_;
  std::unique_ptr<HostStatus> status_;
  std::unique_ptr<StateStore> state_;
  std::optional<Watch> watch_;
  Periodic looking_;
};

}  // namespace
}  // namespace fermata::alarms

FERMATA_PLUGIN(fermata::alarms::AlarmsPlugin);
