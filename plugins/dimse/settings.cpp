#include "settings.hpp"

#include "fermata/error.hpp"

namespace fermata::dimse {
namespace {

/// Connections that have not sent their request yet, or are about to be rejected, on top of the associations.
constexpr unsigned kMoreConnections = 256;
constexpr unsigned kMoreConnectionsOfAnAddress = 128;

tls::Settings::Ask ask_for(std::string_view wanted) {
  if (wanted == "required") return tls::Settings::Ask::required;
  return wanted == "optional" ? tls::Settings::Ask::optional : tls::Settings::Ask::nothing;
}

/// Those that `authorities` and `certificate` allow: with the first, nodes are reached, with the second, callers
/// served.
void read_tls(const Config& config, Settings& settings) {
  auto& tls = settings.tls;
  if (config.has("authorities")) tls.authorities = config["authorities"].string();
  if (config.has("certificate")) tls.certificate = config["certificate"].string();
  if (config.has("key")) tls.key = config["key"].string();
  tls.warn_before = config["warn_before"].duration();
  if (tls.certificate.empty() != tls.key.empty())
    throw Error(Code::invalid, "`tls` needs `certificate` and `key` together, or neither");
  if (!tls.authorities.empty()) settings.client.tls = tls;
  settings.client.check_names = config["node_names"].string() == "checked";

  tls.peer_certificate = ask_for(config["client_certificates"].string());
  if (tls.authorities.empty() && tls.peer_certificate == tls::Settings::Ask::required)
    throw Error(Code::invalid, "`tls.client_certificates` is required: name in `tls.authorities` where they come from");
  if (tls.authorities.empty()) tls.peer_certificate = tls::Settings::Ask::nothing;
  const auto port = static_cast<uint16_t>(config["port"].integer());
  const bool only = config["only"].boolean();
  if (only && (tls.certificate.empty() || port == 0))
    throw Error(Code::invalid, "`tls.only` needs `tls.certificate`, `tls.key` and a `tls.port`: nobody could call");
  if (tls.certificate.empty() || port == 0) return;
  settings.secured = settings.plain;
  settings.secured->port = port;
  settings.secured->port_option = "tls.port";
  if (only) settings.plain.reset();
}

void read_limits(const Config& config, Settings& settings) {
  const auto bytes = [&](const char* name) { return static_cast<std::size_t>(config[name].size()); };
  auto& reception = settings.reception;
  reception.associations_per_address = static_cast<unsigned>(config["associations_per_address"].integer());
  reception.largest_request = bytes("association_request");
  reception.messages = {bytes("command"), bytes("identifier"), bytes("data_set")};
  reception.data_sets = bytes("data_sets");
  settings.finder.results = static_cast<uint64_t>(config["results"].integer());
  settings.finder.queries_per_second = static_cast<double>(config["queries_per_second"].integer());
}

}  // namespace

Settings read_settings(const Config& config) {
  Settings settings;
  const auto timeouts = config["timeouts"];
  const auto maximum_associations = static_cast<unsigned>(config["maximum_associations"].integer());

  const auto per_address = static_cast<unsigned>(config["limits"]["associations_per_address"].integer());
  auto& acceptor = settings.plain.emplace();
  acceptor.connections_per_address = per_address + kMoreConnectionsOfAnAddress;
  acceptor.bind = config["bind"].string();
  acceptor.port = static_cast<uint16_t>(config["port"].integer());
  acceptor.maximum_connections = maximum_associations + kMoreConnections;

  auto& reception = settings.reception;
  reception.ae_title = config["ae_title"].string();
  reception.check_called_ae_title = config["check_called_ae_title"].boolean();
  reception.negotiation.accept_unknown_transfer_syntaxes = config["accept_unknown_transfer_syntaxes"].boolean();
  const auto users = config["user_identity"].string();
  if (users == "ignored") reception.users = ReceptionSettings::Users::ignored;
  if (users == "required") reception.users = ReceptionSettings::Users::required;
  reception.maximum_associations = maximum_associations;
  read_limits(config["limits"], settings);
  reception.maximum_pdu = static_cast<uint32_t>(config["maximum_pdu"].integer());
  reception.request_timeout = timeouts["request"].duration();
  reception.idle_timeout = timeouts["idle"].duration();
  reception.write_timeout = timeouts["write"].duration();
  reception.stall_timeout = timeouts["stall"].duration();
  reception.stall_bytes = static_cast<std::size_t>(timeouts["stall_bytes"].size());
  reception.lifetime = timeouts["lifetime"].duration();

  auto& client = settings.client;
  client.ae_title = reception.ae_title;
  client.maximum_pdu = reception.maximum_pdu;
  client.connect_timeout = timeouts["connect"].duration();
  client.association_timeout = timeouts["association"].duration();
  client.write_timeout = reception.write_timeout;
  if (config.has("tls")) read_tls(config["tls"], settings);

  settings.retriever.response_timeout = config["retrieve"]["response_timeout"].duration();

  settings.accept_unknown_storage = config["accept_unknown_storage"].boolean();
  return settings;
}

}  // namespace fermata::dimse
