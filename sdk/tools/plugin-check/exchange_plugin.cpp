#include "exchange_plugin.hpp"

#include <utility>

#include "fermata/bridge/bridge.hpp"

namespace fermata::plugin_check {
namespace {

constexpr const char* kSchema = "type: object\ndescription: A part of this program.\n";

int32_t serve(void*, fermata_error*) { return FERMATA_OK; }
void drain(void*, uint64_t) {}
void nothing(void*) {}

}  // namespace

ExchangePlugin::ExchangePlugin(const std::string& name, const std::string& id, bool offers)
    : name_(name),
      id_(id),
      offers_(offers),
      provides_(id_.c_str()),
      needs_{id_.c_str(), FERMATA_NEEDS_ONE, 0},
      entry_{FERMATA_ABI_MAJOR,
             FERMATA_ABI_MINOR,
             sizeof entry_,
             0,
             name_.c_str(),
             FERMATA_VERSION,
             "built in",
             kSchema,
             offers ? &provides_ : nullptr,
             offers ? 1u : 0u,
             offers ? nullptr : &needs_,
             offers ? 0u : 1u,
             &ExchangePlugin::create},
      service_{id_.c_str(), nullptr, nullptr} {}

std::unique_ptr<ExchangePlugin> ExchangePlugin::offering(const std::string& name, const fermata_service& service) {
  std::unique_ptr<ExchangePlugin> out(new ExchangePlugin(name, service.id, true));
  out->service_.vt = service.vt;
  out->service_.self = service.self;
  return out;
}

std::unique_ptr<ExchangePlugin> ExchangePlugin::taking(const std::string& name, const std::string& id,
                                                       const std::string& provider) {
  std::unique_ptr<ExchangePlugin> out(new ExchangePlugin(name, id, false));
  out->provider_ = provider;
  return out;
}

/// `create` is a plain function: where its object is comes to it as the configuration.
host::Part ExchangePlugin::part() const {
  host::Part part;
  part.settings.instance = name_;
  part.settings.plugin = name_;
  if (!offers_) part.settings.uses[id_] = provider_;
  part.library = std::make_shared<host::PluginLibrary>(entry_, name_);
  part.config = host::Value::of_integer(static_cast<int64_t>(reinterpret_cast<intptr_t>(this)));
  return part;
}

int32_t ExchangePlugin::create(const fermata_host* host, const fermata_value* config, fermata_plugin* out,
                               fermata_error*) {
  static const fermata_plugin_vt table{sizeof table, &ExchangePlugin::start, serve, drain, nothing, nothing};
  auto* self = reinterpret_cast<ExchangePlugin*>(static_cast<intptr_t>(config->integer));
  self->host_ = host;
  out->vt = &table;
  out->self = self;
  return FERMATA_OK;
}

int32_t ExchangePlugin::start(void* self, fermata_error* error) {
  auto& plugin = *static_cast<ExchangePlugin*>(self);
  if (plugin.offers_) return plugin.host_->publish(plugin.host_->self, &plugin.service_, error);
  return plugin.host_->lookup(plugin.host_->self, bridge::str(plugin.id_), 0, &plugin.service_, error);
}

}  // namespace fermata::plugin_check
