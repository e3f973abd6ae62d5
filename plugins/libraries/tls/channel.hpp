#pragma once
#include <openssl/ssl.h>

#include <memory>
#include <string>
#include <vector>

#include "tls/peer_certificate.hpp"
#include "tls/transport.hpp"

namespace fermata::tls {

/// One connection under TLS. `read`, `write` and `end_writing` belong after the handshake.
///
/// **Thread**, **Ownership**: as Transport. **Errors**: the constructor throws out_of_memory; a step that says `closed`
/// leaves in `problem` why.
class Channel final : public Transport {
 public:
  enum class Side { server, client };
  Channel(SSL_CTX* context, int descriptor, Side side);

  Step handshake() override;
  Step read(std::span<std::byte> into) override;
  Step write(std::span<const Bytes> pieces) override;  ///< small pieces share a record
  void end_writing() override;
  int descriptor() const override { return descriptor_; }
  std::string problem() const override { return problem_; }

  /// Of the other side, also when the handshake has failed for it. Empty: it has shown none.
  PeerCertificate peer() const;
  /// Whether the certificate of the other side was made for this host: a name (RFC 6125) or an address.
  bool peer_is(const std::string& host) const;
  /// For SSL_CTX_set_verify: decides nothing, but keeps what was refused for `peer`.
  static int look_at_refused(int accepted, X509_STORE_CTX* chain);

 private:
  Bytes gather(std::span<const Bytes> pieces, std::size_t skip);
  Step step_of(int result);

  std::unique_ptr<SSL, decltype(&::SSL_free)> ssl_;
  const int descriptor_;
  std::vector<std::byte> record_;
  std::string problem_;
  PeerCertificate refused_;
};

}  // namespace fermata::tls
