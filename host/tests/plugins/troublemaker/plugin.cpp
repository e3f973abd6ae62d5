#include "fermata/plugin.hpp"

#include <chrono>
#include <stdexcept>
#include <thread>

#include "fermata/command.hpp"
#include "fermata_plugin_schema.hpp"
#include "greeter.hpp"

namespace {

using namespace fermata;

/// Provides a greeter like the well-behaved one, so that others can come to need it.
class TroublemakerPlugin final : public Plugin, public Greeter {
 public:
  using Provides = fermata::Provides<Greeter>;
  using Needs = fermata::Needs<>;

  TroublemakerPlugin(Host host, Config config)
      : host_(host), where_(config["where"].string()), stall_(config["stall"].duration()) {
    if (where_ == "create") throw std::runtime_error("trouble in create");
    if (where_ == "options") throw Error(Code::invalid, "trouble with options");
  }
  void start() override {
    if (where_ == "start") throw Error(Code::io, "trouble in start");
    if (where_ == "undeclared") host_.all<Command>();
    if (where_ != "forget") host_.publish<Greeter>(*this);
    if (where_ == "stall in start") std::this_thread::sleep_for(stall_);
    if (where_ == "talk in start") talk();
  }
  void serve() override {
    if (where_ == "serve") throw Error(Code::io, "trouble in serve");
    if (where_ == "outside") host_.publish<Greeter>(*this);
    if (where_ == "fail") host_.fail("trouble at work");
    if (where_ == "stall in serve") std::this_thread::sleep_for(stall_);
  }
  void drain(std::chrono::milliseconds) override { host_.info("drained"); }
  void stop() noexcept override { host_.info("stopped"); }
  std::string_view greeting() override { return "boo"; }

 private:
  /// Takes as long as a stall, and says that it goes on.
  void talk() {
    constexpr std::chrono::milliseconds kStep{50};
    for (auto left = stall_; left.count() > 0; left -= kStep) {
      std::this_thread::sleep_for(kStep);
      host_.debug("goes on");
    }
  }

  Host host_;
  std::string where_;
  std::chrono::milliseconds stall_;
};

}  // namespace

FERMATA_PLUGIN(TroublemakerPlugin);
