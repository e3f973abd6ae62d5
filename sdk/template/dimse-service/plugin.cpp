#include "fermata/plugin.hpp"

#include "echo_service.hpp"
#include "fermata_plugin_schema.hpp"

namespace your_plugin {
namespace {

using namespace fermata;

class ServicePlugin final : public Plugin {
 public:
  using Provides = fermata::Provides<>;
  using Needs = fermata::Needs<One<DimseServices>>;

  ServicePlugin(Host host, Config config)
      : host_(std::move(host)), service_(std::string(config["greeting"].string())) {}

  void start() override {
    const std::string_view sop_classes[] = {EchoService::kSopClass};
    host_.one<DimseServices>()->add(sop_classes, kMayQuery, service_);
  }

 private:
  const Host host_;
  EchoService service_;
};

}  // namespace
}  // namespace your_plugin

FERMATA_PLUGIN(your_plugin::ServicePlugin);
