#include "settings.hpp"

#include <unistd.h>

#include <array>

namespace fermata::audit_trail {
namespace {

std::string this_machine() {
  std::array<char, 256> name{};
  return ::gethostname(name.data(), name.size() - 1) == 0 ? name.data() : "";
}

}  // namespace

Settings read_settings(Config config) {
  Settings settings;
  settings.keep = config["keep"].duration();
  settings.source.host = this_machine();
  if (!config.has("syslog")) return settings;
  const auto syslog = config["syslog"];
  settings.source.id = syslog["source"].string();
  auto& server = settings.syslog.emplace();
  server.host = syslog["host"].string();
  server.port = static_cast<uint16_t>(syslog["port"].integer());
  server.tls = syslog["tls"].boolean();
  server.ca_certificate = syslog["ca_certificate"].string();
  return settings;
}

}  // namespace fermata::audit_trail
