#include "fermata/plugin.hpp"

#include <chrono>
#include <cstdlib>
#include <stdexcept>
#include <string_view>
#include <thread>

#include "fermata/command.hpp"
#include "fermata_plugin_schema.hpp"
#include "greeter.hpp"

namespace {

using namespace fermata;

/// Makes trouble while the library is loaded, before there are any options.
const bool loaded = [] {
  const char* variable = std::getenv("TROUBLE_WHILE_LOADING");
  const std::string_view trouble = variable == nullptr ? "" : variable;
  if (trouble == "stall") std::this_thread::sleep_for(std::chrono::hours(1));
  if (trouble == "crash") std::abort();
  if (trouble == "exit") std::_Exit(0);
  return true;
}();

/// Provides a greeter like the well-behaved one, so that others can come to need it.
class TroublemakerPlugin final : public Plugin, public Greeter {
 public:
  using Provides = fermata::Provides<Greeter>;
  using Needs = fermata::Needs<>;

  TroublemakerPlugin(Host host, Config config)
      : host_(host), where_(config["where"].string()), stall_(config["stall"].duration()) {
    if (where_ == "create") throw std::runtime_error("trouble in create");
    if (where_ == "options") throw Error(Code::invalid, "trouble with options");
    if (where_ == "stall in create") std::this_thread::sleep_for(stall_);
  }
  ~TroublemakerPlugin() override {
    if (where_ == "stall in create") host_.info("destroyed");
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
