#pragma once
#include <memory>
#include <optional>
#include <string>

#include "fermata/c/plugin.h"
#include "fermata/testing/dimse_exchange.hpp"
#include "fermata/testing/registered_routes.hpp"

namespace fermata::plugin_check {

/// Services in memory for what the plugin needs and no other plugin provides. They last from one start of the plugin to
/// its next.
class StandIns {
 public:
  StandIns();
  ~StandIns();
  StandIns(const StandIns&) = delete;
  StandIns& operator=(const StandIns&) = delete;

  /// The service `id`; nothing if there is no stand-in for it. **Ownership**: borrowed.
  std::optional<fermata_service> service(const std::string& id);
  /// Whether content of a plugin that uses it is lost with the process.
  static bool holds_content(const std::string& id);
  testing::RegisteredServices& dimse_services();
  testing::RegisteredRoutes& routes();
  /// Forgets what was registered: it is gone with the plugin's stop.
  void plugin_stopped();

 private:
  struct Services;
  std::unique_ptr<Services> services_;
};

}  // namespace fermata::plugin_check
