#include "settings.hpp"

#include <unistd.h>

#include <algorithm>
#include <array>

#include "fermata/error.hpp"

namespace fermata::http {
namespace {

std::vector<std::string> read_list(const Config& list) {
  std::vector<std::string> out;
  for (uint64_t i = 0; i < list.count(); ++i) out.emplace_back(list.item(i).string());
  return out;
}

std::vector<IpNetwork> read_networks(const Config& list) {
  std::vector<IpNetwork> out;
  for (uint64_t i = 0; i < list.count(); ++i) out.push_back(IpNetwork::parse(list.item(i).string()));
  return out;
}

tls::Settings read_tls(const Config& config) {
  tls::Settings settings;
  settings.certificate = config["certificate"].string();
  settings.key = config["key"].string();
  settings.warn_before = config["warn_before"].duration();
  settings.http = true;
  return settings;
}

AccessSettings read_access(const Config& config) {
  AccessSettings access;
  if (config.has("anonymous_networks")) access.anonymous_networks = read_networks(config["anonymous_networks"]);
  access.server_names = read_list(config["server_names"]);
  access.allowed_origins = read_list(config["cors"]["allowed_origins"]);
  std::array<char, 256> own_name{};
  if (::gethostname(own_name.data(), own_name.size() - 1) == 0) access.server_names.emplace_back(own_name.data());
  return access;
}

}  // namespace

Settings read_settings(const Config& config) {
  Settings settings;
  settings.bind = config["bind"].string();
  settings.port = static_cast<uint16_t>(config["port"].integer());
  settings.prefix = config["prefix"].string();
  if (config.has("tls")) settings.tls = read_tls(config["tls"]);
  settings.proxies.trusted = read_networks(config["trusted_proxies"]);
  settings.proxies.fields = config["proxy_fields"].string() == "Forwarded" ? ProxySettings::Fields::forwarded
                                                                           : ProxySettings::Fields::x_forwarded;
  settings.access = read_access(config);
  settings.cors_credentials = config["cors"]["credentials"].boolean();
  const auto& origins = settings.access.allowed_origins;
  if (settings.cors_credentials && std::find(origins.begin(), origins.end(), "*") != origins.end())
    throw Error(Code::invalid,
                "`cors.credentials` would let every site act for whoever looks at it: name the sites in "
                "`cors.allowed_origins` instead of \"*\"");
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
  settings.timeouts.stall_bytes = timeouts["stall_bytes"].size();
  return settings;
}

}  // namespace fermata::http
