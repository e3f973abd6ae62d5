#include "tls/channel.hpp"

#include <openssl/err.h>
#include <openssl/x509_vfy.h>
#include <openssl/x509v3.h>
#include <sys/socket.h>

#include <algorithm>
#include <cstring>
#include <utility>

#include "fermata/error.hpp"

namespace fermata::tls {
namespace {

constexpr std::size_t kRecord = 16 * 1024;  // the most that one TLS record holds

constexpr int kNoAddress = -2;  // X509_check_ip_asc: what it was given is none

std::string alert_text(int alert) {
  switch (alert) {
    case SSL_AD_UNKNOWN_CA:
      return "the other side does not know the authority of this archive's certificate";
    case SSL_AD_CERTIFICATE_EXPIRED:
      return "the other side finds this archive's certificate expired";
    case SSL_AD_BAD_CERTIFICATE:
    case SSL_AD_UNSUPPORTED_CERTIFICATE:
    case SSL_AD_CERTIFICATE_REVOKED:
    case SSL_AD_CERTIFICATE_UNKNOWN:
    case SSL_AD_ACCESS_DENIED:
      return "the other side does not accept this archive's certificate";
    case SSL_AD_CERTIFICATE_REQUIRED:
      return "the other side wants a certificate of this archive";
    case SSL_AD_PROTOCOL_VERSION:
      return "the other side has no version of TLS that is allowed here";
    case SSL_AD_HANDSHAKE_FAILURE:
      return "the other side has no cipher suite in common with this archive, or wants a certificate";
    default:
      return std::string("the other side has refused: ") + ::SSL_alert_desc_string_long(alert);
  }
}

/// What OpenSSL says of its last error, in words that tell what to look at.
std::string problem_text(const SSL& ssl, unsigned long code) {
  if (ERR_GET_LIB(code) != ERR_LIB_SSL) return ::ERR_reason_error_string(code) ? ::ERR_reason_error_string(code) : "";
  const int reason = ERR_GET_REASON(code);
  switch (reason) {
    case SSL_R_CERTIFICATE_VERIFY_FAILED:
      return std::string("its certificate is not accepted: ") +
             ::X509_verify_cert_error_string(::SSL_get_verify_result(&ssl));
    case SSL_R_PEER_DID_NOT_RETURN_A_CERTIFICATE:
      return "it shows no certificate";
    case SSL_R_WRONG_VERSION_NUMBER:
    case SSL_R_HTTP_REQUEST:
    case SSL_R_HTTPS_PROXY_REQUEST:
      return "it does not speak TLS";
    case SSL_R_UNSUPPORTED_PROTOCOL:
    case SSL_R_VERSION_TOO_LOW:
      return "it offers only versions of TLS that are too old: 1.2 or 1.3 is needed";
    case SSL_R_NO_SHARED_CIPHER:
      return "it has no cipher suite in common with this archive";
    default:
      break;
  }
  if (reason > SSL_AD_REASON_OFFSET) return alert_text(reason - SSL_AD_REASON_OFFSET);
  const char* text = ::ERR_reason_error_string(code);
  return text == nullptr ? "" : text;
}

}  // namespace

Channel::Channel(SSL_CTX* context, int descriptor, Side side)
    : ssl_(::SSL_new(context), &::SSL_free), descriptor_(descriptor) {
  if (!ssl_ || ::SSL_set_fd(ssl_.get(), descriptor) != 1)
    throw Error(Code::out_of_memory, "there is no memory for a TLS connection");
  SSL_set_app_data(ssl_.get(), this);
  if (side == Side::server)
    ::SSL_set_accept_state(ssl_.get());
  else
    ::SSL_set_connect_state(ssl_.get());
}

Step Channel::handshake() { return step_of(::SSL_do_handshake(ssl_.get())); }

Step Channel::read(std::span<std::byte> into) {
  std::size_t count = 0;
  auto step = step_of(::SSL_read_ex(ssl_.get(), into.data(), into.size(), &count));
  step.bytes = count;
  return step;
}

Step Channel::write(std::span<const Bytes> pieces) {
  std::size_t moved = 0;
  std::size_t skip = 0;  // of the first of `pieces`
  while (!pieces.empty()) {
    auto record = pieces.front().subspan(skip);
    if (record.size() < kRecord && pieces.size() > 1) record = gather(pieces, skip);
    if (record.empty()) break;
    std::size_t count = 0;
    const auto step = step_of(::SSL_write_ex(ssl_.get(), record.data(), record.size(), &count));
    if (step.kind != Step::Kind::done) return moved > 0 ? Step{Step::Kind::done, moved} : step;
    moved += count;
    skip += count;
    while (!pieces.empty() && skip >= pieces.front().size()) {
      skip -= pieces.front().size();
      pieces = pieces.subspan(1);
    }
  }
  return {Step::Kind::done, moved};
}

void Channel::end_writing() {
  if (::SSL_is_init_finished(ssl_.get()) == 1) ::SSL_shutdown(ssl_.get());
  ::ERR_clear_error();
  ::shutdown(descriptor_, SHUT_WR);
}

PeerCertificate Channel::peer() const {
  const auto* certificate = ::SSL_get0_peer_certificate(ssl_.get());
  return certificate == nullptr ? refused_ : PeerCertificate::of(*certificate);
}

bool Channel::peer_is(const std::string& host) const {
  auto* certificate = ::SSL_get0_peer_certificate(ssl_.get());
  if (certificate == nullptr) return false;
  const int address = ::X509_check_ip_asc(certificate, host.c_str(), 0);
  if (address != kNoAddress) return address == 1;
  return ::X509_check_host(certificate, host.data(), host.size(), X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS, nullptr) == 1;
}

int Channel::look_at_refused(int accepted, X509_STORE_CTX* chain) {
  if (accepted == 1) return accepted;
  auto* ssl = static_cast<SSL*>(::X509_STORE_CTX_get_ex_data(chain, ::SSL_get_ex_data_X509_STORE_CTX_idx()));
  auto* channel = static_cast<Channel*>(SSL_get_app_data(ssl));
  const auto* certificate = ::X509_STORE_CTX_get0_cert(chain);
  if (channel != nullptr && certificate != nullptr) channel->refused_ = PeerCertificate::of(*certificate);
  return accepted;
}

Bytes Channel::gather(std::span<const Bytes> pieces, std::size_t skip) {
  record_.resize(kRecord);
  std::size_t size = 0;
  for (const auto& whole : pieces) {
    const auto piece = whole.subspan(std::exchange(skip, 0));
    const auto count = std::min(piece.size(), kRecord - size);
    if (count > 0) std::memcpy(record_.data() + size, piece.data(), count);
    size += count;
  }
  return {record_.data(), size};
}

Step Channel::step_of(int result) {
  if (result > 0) return {Step::Kind::done, 0};
  const int error = ::SSL_get_error(ssl_.get(), result);
  if (error == SSL_ERROR_SSL && problem_.empty()) problem_ = problem_text(*ssl_, ::ERR_peek_error());
  ::ERR_clear_error();
  if (error == SSL_ERROR_WANT_READ) return {Step::Kind::wants_read, 0};
  if (error == SSL_ERROR_WANT_WRITE) return {Step::Kind::wants_write, 0};
  return {Step::Kind::closed, 0};
}

}  // namespace fermata::tls
