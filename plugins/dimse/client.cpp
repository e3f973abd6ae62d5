#include "client.hpp"

#include <dcmtk/config/osconfig.h>
#include <dcmtk/dcmnet/lst.h>

#include <algorithm>

#include "fermata/error.hpp"
#include "node_certificates.hpp"
#include "upper-layer/connecting.hpp"
#include "upper-layer/upper_layer.hpp"

namespace fermata::dimse {
namespace {

constexpr std::size_t kMostContexts = 128;  // identifiers are odd and below 256 (PS3.8 9.3.2.2)

void expect(const OFCondition& condition, const std::string& what) {
  if (condition.bad()) throw Error(Code::invalid, what + " can't be used: " + condition.text());
}

void propose(T_ASC_Parameters& parameters, std::span<const ProposedContext> proposed) {
  if (proposed.empty()) throw Error(Code::invalid, "an association needs at least one Presentation Context");
  if (proposed.size() > kMostContexts)
    throw Error(Code::invalid, "an association can't have more than 128 Presentation Contexts");
  int id = 1;
  for (const auto& context : proposed) {
    std::vector<const char*> syntaxes;
    for (const auto& uid : context.transfer_syntaxes) syntaxes.push_back(uid.c_str());
    expect(ASC_addPresentationContext(&parameters, static_cast<T_ASC_PresentationContextID>(id),
                                      context.abstract_syntax.c_str(), syntaxes.data(),
                                      static_cast<int>(syntaxes.size()), dcmtk_role(context.role)),
           "the Presentation Context of " + context.abstract_syntax);
    id += 2;
  }
}

std::vector<PresentationContext> accepted_contexts(T_ASC_Parameters& parameters) {
  std::vector<PresentationContext> contexts;
  auto* list = &parameters.DULparams.requestedPresentationContext;
  auto* entry = reinterpret_cast<DUL_PRESENTATIONCONTEXT*>(LST_Head(list));
  LST_Position(list, reinterpret_cast<LST_NODE*>(entry));
  for (; entry != nullptr; entry = reinterpret_cast<DUL_PRESENTATIONCONTEXT*>(LST_Next(list))) {
    if (entry->result != ASC_P_ACCEPTANCE) continue;
    PresentationContext context;
    context.id = entry->presentationContextID;
    context.abstract_syntax = entry->abstractSyntax;
    context.transfer_syntax = entry->acceptedTransferSyntax;
    context.peer_is_scp = true;
    contexts.push_back(std::move(context));
  }
  return contexts;
}

}  // namespace

Client::Client(ClientSettings settings, const Journal& journal, NodeCertificates* shown)
    : settings_(std::move(settings)), journal_(journal), shown_(shown) {
  if (settings_.tls) tls_ = std::make_unique<tls::Context>(tls::Channel::Side::client, *settings_.tls, journal_);
}

Client::~Client() = default;

std::shared_ptr<Socket> Client::open(const Destination& destination) {
  if (destination.tls && !tls_)
    throw Error(Code::unsupported,
                "the node wants TLS: give `tls.authorities` in the configuration of the plugin dimse");
  const auto socket =
      std::make_shared<Socket>(connect_to(destination.host, destination.port, settings_.connect_timeout));
  socket->set_patience(settings_.association_timeout, settings_.write_timeout);
  if (destination.tls) secure(*socket, destination);
  return socket;
}

void Client::secure(Socket& socket, const Destination& destination) {
  socket.set_deadline(Socket::Clock::now() + settings_.association_timeout);
  if (!socket.secure(tls_->open(socket.descriptor()))) {
    const auto problem = socket.channel()->problem();
    throw Error(Code::unavailable,
                "the TLS handshake failed: " + (problem.empty() ? "it ended, or came to nothing in time" : problem));
  }
  const auto peer = socket.channel()->peer();
  if (!destination.certificate.empty() && destination.certificate != peer.fingerprint &&
      destination.certificate != peer.subject)
    throw Error(Code::unavailable, "it shows another certificate than the node has here: that of " + peer.subject +
                                       ", SHA-256 fingerprint " + peer.fingerprint);
  if (destination.certificate.empty() && settings_.check_names) check_name(*socket.channel(), destination);
  if (shown_ != nullptr) shown_->saw(destination.ae_title, peer);
}

/// Anybody with a certificate from the same authority could stand there.
void Client::check_name(const tls::Channel& channel, const Destination& destination) const {
  if (channel.peer_is(destination.host)) return;
  const auto peer = channel.peer();
  const auto problem = "its certificate, " + peer.subject + ", is not for " + destination.host + " but for " +
                       (peer.names.empty() ? "no host at all" : peer.names) +
                       ": correct the node's host or have the certificate made for it, or give the node "
                       "`certificate`: " +
                       peer.fingerprint;
  journal_.log(LogLevel::warning, "a node is not talked to: " + problem, {{"ae_title", destination.ae_title}});
  throw Error(Code::unavailable, problem);
}

std::unique_ptr<Association> Client::negotiate(const Destination& destination,
                                               std::span<const ProposedContext> proposed,
                                               const std::string& calling_ae_title) {
  auto parameters = make_parameters(settings_.maximum_pdu);
  propose(*parameters, proposed);
  ASC_setAPTitles(parameters.get(), calling_ae_title.c_str(), destination.ae_title.c_str(), nullptr);
  const auto socket = open(destination);
  socket->set_deadline(Socket::Clock::now() + settings_.association_timeout);
  auto transport = std::make_unique<Association::Transport>(send_request(socket, std::move(parameters)), socket);
  socket->set_deadline({});
  transport->calling_ae_title = calling_ae_title;
  transport->called_ae_title = destination.ae_title;
  transport->peer_address = socket->peer_address();
  transport->peer_implementation = transport->upper_layer->params->theirImplementationVersionName;
  transport->contexts = accepted_contexts(*transport->upper_layer->params);
  transport->release_timeout = settings_.association_timeout;
  auto association = std::make_unique<Association>(std::move(transport));
  if (association->contexts().empty()) {
    association->release();
    throw Error(Code::refused, "it accepts nothing of what was proposed");
  }
  return association;
}

std::unique_ptr<Association> Client::connect(const Destination& destination, std::span<const ProposedContext> proposed,
                                             std::string_view calling_ae_title) {
  const std::string caller(calling_ae_title.empty() ? settings_.ae_title : calling_ae_title);
  try {
    return negotiate(destination, proposed, caller);
  } catch (const Error& error) {
    throw Error(error.code(), "no association with " + destination.ae_title + " at " + destination.host + " port " +
                                  std::to_string(destination.port) + ": " + error.what());
  }
}

}  // namespace fermata::dimse
