#include "fermata/plugin.hpp"

#include "fermata_plugin_schema.hpp"
#include "greeting_page.hpp"

namespace your_plugin {
namespace {

using namespace fermata;

class RoutesPlugin final : public Plugin {
 public:
  using Provides = fermata::Provides<>;
  using Needs = fermata::Needs<One<HttpRouter>>;

  RoutesPlugin(Host host, Config config) : host_(std::move(host)), page_(std::string(config["greeting"].string())) {}

  void start() override { host_.one<HttpRouter>()->add({"GET", "/your-plugin/{person}", "your-plugin.read"}, page_); }

 private:
  const Host host_;
  GreetingPage page_;
};

}  // namespace
}  // namespace your_plugin

FERMATA_PLUGIN(your_plugin::RoutesPlugin);
