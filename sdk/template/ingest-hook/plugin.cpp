#include "fermata/plugin.hpp"

#include "fermata_plugin_schema.hpp"
#include "institution_hook.hpp"

namespace your_plugin {
namespace {

using namespace fermata;

class HookPlugin final : public Plugin {
 public:
  using Provides = fermata::Provides<IngestHook>;
  using Needs = fermata::Needs<>;

  HookPlugin(Host host, Config config)
      : host_(std::move(host)),
        hook_({std::string(config["institution"].string()), config["require_patient_id"].boolean()}, Journal(host_)) {}

  void start() override { host_.publish<IngestHook>(hook_); }

 private:
  const Host host_;
  InstitutionHook hook_;
};

}  // namespace
}  // namespace your_plugin

FERMATA_PLUGIN(your_plugin::HookPlugin);
