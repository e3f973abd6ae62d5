#include "fermata/plugin.hpp"

#include "fermata_plugin_schema.hpp"
#include "greeter.hpp"

namespace {

using namespace fermata;

class ChoirPlugin final : public Plugin {
 public:
  using Provides = fermata::Provides<>;
  using Needs = fermata::Needs<Many<Greeter>>;

  ChoirPlugin(Host host, Config) : host_(host) {}
  void start() override {
    std::string all;
    for (const auto& greeter : host_.all_named<Greeter>())
      all += greeter.plugin + ":" + std::string(greeter.service->greeting()) + ';';
    host_.info("heard", {{"greetings", all}});
  }

 private:
  Host host_;
};

}  // namespace

FERMATA_PLUGIN(ChoirPlugin);
