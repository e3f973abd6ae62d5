#include "settings.hpp"

#include "fermata/error.hpp"

namespace fermata::dimse {
namespace {

/// Connections that have not sent their request yet, or are about to be rejected, on top of the associations.
constexpr unsigned kMoreConnections = 256;

TlsSettings read_tls(const Config& config) {
  TlsSettings tls;
  tls.ca_file = config["authorities"].string();
  if (config.has("certificate")) tls.certificate_file = config["certificate"].string();
  if (config.has("key")) tls.key_file = config["key"].string();
  if (tls.certificate_file.empty() != tls.key_file.empty())
    throw Error(Code::invalid, "`tls` needs `certificate` and `key` together, or neither");
  return tls;
}

}  // namespace

Settings read_settings(const Config& config) {
  Settings settings;
  const auto timeouts = config["timeouts"];
  const auto maximum_associations = static_cast<unsigned>(config["maximum_associations"].integer());

  settings.acceptor.bind = config["bind"].string();
  settings.acceptor.port = static_cast<uint16_t>(config["port"].integer());
  settings.acceptor.maximum_connections = maximum_associations + kMoreConnections;

  auto& reception = settings.reception;
  reception.ae_title = config["ae_title"].string();
  reception.check_called_ae_title = config["check_called_ae_title"].boolean();
  reception.negotiation.accept_unknown_transfer_syntaxes = config["accept_unknown_transfer_syntaxes"].boolean();
  reception.maximum_associations = maximum_associations;
  reception.maximum_pdu = static_cast<uint32_t>(config["maximum_pdu"].integer());
  reception.request_timeout = timeouts["request"].duration();
  reception.idle_timeout = timeouts["idle"].duration();
  reception.write_timeout = timeouts["write"].duration();

  auto& client = settings.client;
  client.ae_title = reception.ae_title;
  client.maximum_pdu = reception.maximum_pdu;
  client.connect_timeout = timeouts["connect"].duration();
  client.association_timeout = timeouts["association"].duration();
  client.write_timeout = reception.write_timeout;
  if (config.has("tls")) client.tls = read_tls(config["tls"]);

  settings.retriever.response_timeout = config["retrieve"]["response_timeout"].duration();

  settings.accept_unknown_storage = config["accept_unknown_storage"].boolean();
  return settings;
}

}  // namespace fermata::dimse
