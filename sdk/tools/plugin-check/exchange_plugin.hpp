#pragma once
#include <memory>
#include <string>

#include "fermata/c/plugin.h"
#include "loading/assembly.hpp"

namespace fermata::plugin_check {

/// A plugin that is part of this program, as the host takes it: it publishes one service, or looks one up.
///
/// **Thread**: the main thread. **Ownership**: outlives the assembly that its part is in, and keeps no service.
class ExchangePlugin {
 public:
  /// Offers `service` to the others under the instance name `name`.
  static std::unique_ptr<ExchangePlugin> offering(const std::string& name, const fermata_service& service);
  /// Gets the service `id` from the instance `provider` when it starts; `service` tells.
  static std::unique_ptr<ExchangePlugin> taking(const std::string& name, const std::string& id,
                                                const std::string& provider);
  ExchangePlugin(const ExchangePlugin&) = delete;
  ExchangePlugin& operator=(const ExchangePlugin&) = delete;

  host::Part part() const;
  /// The table is null until the plugin has started.
  const fermata_service& service() const { return service_; }

 private:
  ExchangePlugin(const std::string& name, const std::string& id, bool offers);
  static int32_t create(const fermata_host* host, const fermata_value* config, fermata_plugin* out,
                        fermata_error* error);
  static int32_t start(void* self, fermata_error* error);

  const std::string name_;
  const std::string id_;
  const bool offers_;
  std::string provider_;
  const char* const provides_;
  const fermata_need needs_;
  const fermata_plugin_entry entry_;
  fermata_service service_;
  const fermata_host* host_ = nullptr;
};

}  // namespace fermata::plugin_check
