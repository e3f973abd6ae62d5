#include <algorithm>

#include "case.hpp"
#include "fermata/c/archive.h"
#include "fermata/c/blob_store.h"
#include "fermata/c/command.h"
#include "fermata/c/dimse_services.h"
#include "fermata/c/http_router.h"
#include "fermata/c/index.h"
#include "fermata/c/state_store.h"

namespace fermata::plugin_check {

std::vector<Case> cases_for(const Described& plugin) {
  const auto has = [](const std::vector<std::string>& list, const char* id) {
    return std::find(list.begin(), list.end(), id) != list.end();
  };
  std::vector<Case> cases;
  add_life(cases);
  if (has(plugin.provides, FERMATA_COMMAND_ID)) add_commands(cases);
  if (has(plugin.provides, FERMATA_BLOB_STORE_ID)) add_blob_store(cases);
  if (has(plugin.provides, FERMATA_INDEX_ID)) add_index(cases);
  if (has(plugin.provides, FERMATA_STATE_STORE_ID)) add_state_store(cases);
  if (has(plugin.provides, FERMATA_INGEST_HOOK_ID)) add_ingest_hook(cases);
  if (has(plugin.stood_in_for, FERMATA_DIMSE_SERVICES_ID)) add_dimse_services(cases);
  if (has(plugin.stood_in_for, FERMATA_HTTP_ROUTER_ID)) add_http_routes(cases);
  return cases;
}

}  // namespace fermata::plugin_check
