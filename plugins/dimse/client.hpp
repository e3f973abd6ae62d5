#pragma once
#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "association.hpp"
#include "fermata/journal.hpp"
#include "role.hpp"
#include "tls/context.hpp"

namespace fermata::dimse {

class NodeCertificates;
class Socket;

struct ProposedContext {
  std::string abstract_syntax;
  std::vector<std::string> transfer_syntaxes;
  Role role = Role::standard;  ///< ours, proposed by role selection (PS3.7 D.3.3.4) unless it is the standard one
};

struct Destination {
  std::string ae_title;
  std::string host;  ///< name or address
  uint16_t port = 104;
  bool tls = false;
  std::string certificate{};  ///< that it has to show over TLS: fingerprint or subject; empty: any that is trusted
};

struct ClientSettings {
  std::string ae_title = "FERMATA";
  uint32_t maximum_pdu = 131072;
  std::chrono::milliseconds connect_timeout{10000};
  std::chrono::milliseconds association_timeout{30000};  ///< for the answer to A-ASSOCIATE-RQ and A-RELEASE-RQ
  std::chrono::milliseconds write_timeout{60000};
  std::optional<tls::Settings> tls{};
  bool check_names = true;  ///< of nodes over TLS that have no certificate of their own here
};

/// Opens associations to other Application Entities (PS3.8 7.1).
///
/// *Used by* C-MOVE and NodeClient. **Thread**: any number at once.
/// **Errors**: `connect` throws unavailable (nobody answers there), refused (rejected, or nothing was accepted),
/// invalid (more than 128 contexts), unsupported (TLS without authorities); the message names AE title, host and port.
class Client {
 public:
  explicit Client(ClientSettings settings, const Journal& journal = Journal(), NodeCertificates* shown = nullptr);
  ~Client();

  /// Negotiates these contexts, in this order; what was accepted is in `contexts()` of the result.
  std::unique_ptr<Association> connect(const Destination& destination, std::span<const ProposedContext> proposed,
                                       std::string_view calling_ae_title = {});
  tls::Context* tls() { return tls_.get(); }  ///< null: none

 private:
  std::shared_ptr<Socket> open(const Destination& destination);
  void secure(Socket& socket, const Destination& destination);
  void check_name(const tls::Channel& channel, const Destination& destination) const;
  std::unique_ptr<Association> negotiate(const Destination& destination, std::span<const ProposedContext> proposed,
                                         const std::string& calling_ae_title);

  ClientSettings settings_;
  const Journal journal_;
  NodeCertificates* const shown_;
  std::unique_ptr<tls::Context> tls_;
};

}  // namespace fermata::dimse
