#include "case.hpp"
#include "fermata/testing/dimse_service_conformance.hpp"
#include "fermata/testing/http_routes_conformance.hpp"

namespace fermata::plugin_check {

void add_dimse_services(std::vector<Case>& to) {
  for (const auto& check : testing::kDimseServiceChecks)
    to.push_back({"dimse-service", check.name, "", [check](PluginScene& scene) {
                    scene.start_and_serve();
                    check.run(scene.stand_ins().dimse_services());
                  }});
}

void add_http_routes(std::vector<Case>& to) {
  for (const auto& check : testing::kHttpRoutesChecks)
    to.push_back({"http-routes", check.name, "", [check](PluginScene& scene) {
                    scene.start_and_serve();
                    check.run(scene.stand_ins().routes());
                  }});
}

}  // namespace fermata::plugin_check
