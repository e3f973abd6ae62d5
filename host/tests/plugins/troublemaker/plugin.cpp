#include "fermata/plugin.hpp"

#include <stdexcept>

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

  TroublemakerPlugin(Host host, Config config) : host_(host), where_(config["where"].string()) {
    if (where_ == "create") throw std::runtime_error("trouble in create");
    if (where_ == "options") throw Error(Code::invalid, "trouble with options");
  }
  void start() override {
    if (where_ == "start") throw Error(Code::io, "trouble in start");
    if (where_ == "undeclared") host_.all<Command>();
    if (where_ != "forget") host_.publish<Greeter>(*this);
  }
  void serve() override {
    if (where_ == "serve") throw Error(Code::io, "trouble in serve");
    if (where_ == "outside") host_.publish<Greeter>(*this);
    if (where_ == "fail") host_.fail("trouble at work");
  }
  void stop() noexcept override { host_.info("stopped"); }
  std::string_view greeting() override { return "boo"; }

 private:
  Host host_;
  std::string where_;
};

}  // namespace

FERMATA_PLUGIN(TroublemakerPlugin);
