#include "fermata/plugin.hpp"

#include "fermata_plugin_schema.hpp"
#include "greeting.hpp"

namespace {

class GreetingPlugin final : public fermata::Plugin {
 public:
  using Provides = fermata::Provides<fermata::Command>;
  using Needs = fermata::Needs<>;
  GreetingPlugin(fermata::Host host, fermata::Config config)
      : host_(std::move(host)), greeting_(std::string(config["greeting"].string())) {}
  void start() override { host_.publish<fermata::Command>(greeting_); }

 private:
  fermata::Host host_;
  Greeting greeting_;
};

}  // namespace

FERMATA_PLUGIN(GreetingPlugin);
