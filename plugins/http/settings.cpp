#include "settings.hpp"

namespace fermata::http {

Settings read_settings(const Config& config) {
  Settings settings;
  settings.bind = config["bind"].string();
  settings.port = static_cast<uint16_t>(config["port"].integer());
  settings.prefix = config["prefix"].string();
  settings.compress = config["compress"].boolean();
  settings.access_log = config["access_log"].boolean();
  const auto limits = config["limits"];
  settings.limits.connections = static_cast<std::size_t>(limits["connections"].integer());
  settings.limits.connections_per_address = static_cast<std::size_t>(limits["connections_per_address"].integer());
  settings.limits.head = static_cast<std::size_t>(limits["head"].size());
  settings.limits.body = limits["body"].size();
  settings.limits.workers = static_cast<std::size_t>(limits["workers"].integer());
  settings.limits.queue = static_cast<std::size_t>(limits["queue"].integer());
  const auto timeouts = config["timeouts"];
  settings.timeouts.head = timeouts["head"].duration();
  settings.timeouts.idle = timeouts["idle"].duration();
  settings.timeouts.stall = timeouts["stall"].duration();
  return settings;
}

}  // namespace fermata::http
