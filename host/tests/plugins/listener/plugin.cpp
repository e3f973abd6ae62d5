#include "fermata/plugin.hpp"

#include "fermata_plugin_schema.hpp"
#include "greeter.hpp"

namespace {

using namespace fermata;

class ListenerPlugin final : public Plugin {
 public:
  using Provides = fermata::Provides<>;
  using Needs = fermata::Needs<One<Greeter>>;

  ListenerPlugin(Host host, Config) : host_(host) {}
  void start() override { host_.info("heard", {{"greeting", std::string(host_.one<Greeter>()->greeting())}}); }
  void stop() noexcept override { host_.info("stopped"); }

 private:
  Host host_;
};

}  // namespace

FERMATA_PLUGIN(ListenerPlugin);
