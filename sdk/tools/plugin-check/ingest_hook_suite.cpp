#include "fermata/testing/ingest_hook_conformance.hpp"

#include "case.hpp"

namespace fermata::plugin_check {

void add_ingest_hook(std::vector<Case>& to) {
  for (const auto& check : testing::kIngestHookChecks)
    to.push_back({"ingest-hook", check.name, IngestHook::kId,
                  [check](PluginScene& scene) { check.run(*scene.take<IngestHook>()); }});
}

}  // namespace fermata::plugin_check
