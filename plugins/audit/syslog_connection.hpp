#pragma once
#include <openssl/ssl.h>

#include <atomic>
#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace fermata::audit_trail {

struct SyslogSettings {
  std::string host;
  uint16_t port = 6514;
  bool tls = true;
  std::string ca_certificate;  ///< PEM file; empty: what the system trusts
};

/// A connection to a syslog server: TLS (RFC 5425), or plain TCP.
///
/// **Thread**: one; it looks at `stopping` while it waits, and gives up then. **Errors**: unavailable (nobody answers,
/// not trusted, gone, too slow); the message names host and port. After one it is of no more use.
class SyslogConnection {
 public:
  SyslogConnection(const SyslogSettings& settings, const std::atomic<bool>& stopping);
  ~SyslogConnection();
  SyslogConnection(const SyslogConnection&) = delete;
  SyslogConnection& operator=(const SyslogConnection&) = delete;

  void send(std::string_view bytes);
  /// Whether the server is still there. A server of syslog never answers: this is all that can be known.
  void check();

 private:
  void connect();
  bool connected_to(const void* address, uint32_t length, int family);
  void secure();
  void wait(short events);
  template <class Step>
  int tls_step(const Step& step);
  std::string tls_problem() const;
  [[noreturn]] void fail(const std::string& why) const;

  const SyslogSettings settings_;
  const std::atomic<bool>& stopping_;
  const std::string where_;
  int socket_ = -1;
  std::unique_ptr<SSL_CTX, decltype(&SSL_CTX_free)> context_{nullptr, SSL_CTX_free};
  std::unique_ptr<SSL, decltype(&SSL_free)> tls_{nullptr, SSL_free};
};

}  // namespace fermata::audit_trail
