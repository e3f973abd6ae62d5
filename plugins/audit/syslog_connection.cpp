#include "syslog_connection.hpp"

#include <netdb.h>
#include <openssl/err.h>
#include <openssl/x509v3.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>

#include "fermata/error.hpp"
#include "fermata/ip_address.hpp"

namespace fermata::audit_trail {
namespace {

constexpr std::chrono::seconds kLongestWait{10};
constexpr int kLook_ms = 100;  // between two looks at `stopping`

std::string system_text() { return std::strerror(errno); }

}  // namespace

SyslogConnection::SyslogConnection(const SyslogSettings& settings, const std::atomic<bool>& stopping)
    : settings_(settings),
      stopping_(stopping),
      where_("syslog server " + settings.host + " port " + std::to_string(settings.port)) {
  try {
    connect();
    if (settings_.tls) secure();
  } catch (...) {
    tls_.reset();
    if (socket_ >= 0) ::close(socket_);
    throw;
  }
}

SyslogConnection::~SyslogConnection() {
  if (tls_) SSL_shutdown(tls_.get());
  tls_.reset();
  ::close(socket_);
}

void SyslogConnection::fail(const std::string& why) const { throw Error(Code::unavailable, where_ + ": " + why); }

void SyslogConnection::connect() {
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* found = nullptr;
  const int failure = ::getaddrinfo(settings_.host.c_str(), std::to_string(settings_.port).c_str(), &hints, &found);
  if (failure != 0) fail(::gai_strerror(failure));
  const std::unique_ptr<addrinfo, decltype(&::freeaddrinfo)> owner(found, ::freeaddrinfo);
  std::string why = "it has no address";
  for (const auto* address = found; address != nullptr; address = address->ai_next) {
    if (connected_to(address->ai_addr, address->ai_addrlen, address->ai_family)) return;
    why = system_text();
  }
  fail(why);
}

bool SyslogConnection::connected_to(const void* address, uint32_t length, int family) {
  if (socket_ >= 0) ::close(socket_);
  socket_ = ::socket(family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  if (socket_ < 0) return false;
  if (::connect(socket_, static_cast<const sockaddr*>(address), length) == 0) return true;
  if (errno != EINPROGRESS) return false;
  wait(POLLOUT);
  int problem = 0;
  socklen_t size = sizeof problem;
  ::getsockopt(socket_, SOL_SOCKET, SO_ERROR, &problem, &size);
  errno = problem;
  return problem == 0;
}

void SyslogConnection::wait(short events) {
  const auto end = std::chrono::steady_clock::now() + kLongestWait;
  while (!stopping_) {
    pollfd ready{socket_, events, 0};
    const int count = ::poll(&ready, 1, kLook_ms);
    if (count > 0) return;
    if (count < 0 && errno != EINTR) fail(system_text());
    if (std::chrono::steady_clock::now() > end) fail("it does not answer");
  }
  fail("the archive stops");
}

void SyslogConnection::secure() {
  context_.reset(SSL_CTX_new(TLS_client_method()));
  if (!context_) fail("TLS is not to be had: " + tls_problem());
  SSL_CTX_set_min_proto_version(context_.get(), TLS1_2_VERSION);
  SSL_CTX_set_verify(context_.get(), SSL_VERIFY_PEER, nullptr);
  const int trusted = settings_.ca_certificate.empty()
                          ? SSL_CTX_set_default_verify_paths(context_.get())
                          : SSL_CTX_load_verify_locations(context_.get(), settings_.ca_certificate.c_str(), nullptr);
  if (trusted != 1) fail("ca_certificate " + settings_.ca_certificate + " can't be read: " + tls_problem());
  tls_.reset(SSL_new(context_.get()));
  SSL_set_fd(tls_.get(), socket_);
  if (IpAddress::parse(settings_.host)) {
    X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(tls_.get()), settings_.host.c_str());
  } else {
    SSL_set1_host(tls_.get(), settings_.host.c_str());
    SSL_set_tlsext_host_name(tls_.get(), settings_.host.c_str());
  }
  if (tls_step([&] { return SSL_connect(tls_.get()); }) != 1) fail("TLS: " + tls_problem());
}

/// Again and again until it is through, for the socket does not wait by itself.
template <class Step>
int SyslogConnection::tls_step(const Step& step) {
  for (;;) {
    ERR_clear_error();
    const int result = step();
    if (result > 0) return result;
    const int why = SSL_get_error(tls_.get(), result);
    if (why == SSL_ERROR_WANT_READ)
      wait(POLLIN);
    else if (why == SSL_ERROR_WANT_WRITE)
      wait(POLLOUT);
    else
      return result;
  }
}

std::string SyslogConnection::tls_problem() const {
  const auto untrusted = tls_ ? SSL_get_verify_result(tls_.get()) : X509_V_OK;
  if (untrusted != X509_V_OK)
    return std::string("its certificate is not trusted, see ca_certificate: ") +
           X509_verify_cert_error_string(untrusted);
  std::array<char, 256> text{};
  const auto error = ERR_peek_last_error();
  if (error == 0) return "it has closed the connection";
  ERR_error_string_n(error, text.data(), text.size());
  return text.data();
}

void SyslogConnection::send(std::string_view bytes) {
  while (!bytes.empty()) {
    std::size_t sent = 0;
    if (tls_) {
      if (tls_step([&] { return SSL_write_ex(tls_.get(), bytes.data(), bytes.size(), &sent); }) != 1)
        fail("TLS: " + tls_problem());
    } else {
      const auto count = ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
      if (count < 0 && (errno == EAGAIN || errno == EINTR)) {
        wait(POLLOUT);
        continue;
      }
      if (count < 0) fail(system_text());
      sent = static_cast<std::size_t>(count);
    }
    bytes.remove_prefix(sent);
  }
}

void SyslogConnection::check() {
  std::array<char, 256> ignored{};
  if (tls_) {
    ERR_clear_error();
    const int count = SSL_read(tls_.get(), ignored.data(), ignored.size());
    const int why = SSL_get_error(tls_.get(), count);
    if (count <= 0 && why != SSL_ERROR_WANT_READ && why != SSL_ERROR_WANT_WRITE) fail(tls_problem());
    return;
  }
  const auto count = ::recv(socket_, ignored.data(), ignored.size(), MSG_DONTWAIT);
  if (count == 0) fail("it has closed the connection");
  if (count < 0 && errno != EAGAIN && errno != EINTR) fail(system_text());
}

}  // namespace fermata::audit_trail
