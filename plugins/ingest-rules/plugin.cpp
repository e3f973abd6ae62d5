#include "fermata/plugin.hpp"

#include "fermata_plugin_schema.hpp"
#include "rules_hook.hpp"
#include "settings.hpp"

namespace fermata::ingest_rules {
namespace {

class IngestRulesPlugin final : public Plugin {
 public:
  using Provides = fermata::Provides<IngestHook>;
  using Needs = fermata::Needs<>;

  IngestRulesPlugin(Host host, Config config) : host_(std::move(host)), hook_(rules_from(config), Journal(host_)) {}

  void start() override { host_.publish<IngestHook>(hook_); }

 private:
  const Host host_;
  RulesHook hook_;
};

}  // namespace
}  // namespace fermata::ingest_rules

FERMATA_PLUGIN(fermata::ingest_rules::IngestRulesPlugin);
