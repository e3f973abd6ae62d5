#pragma once
#include <openssl/x509.h>

#include <chrono>
#include <string>

namespace fermata::tls {

/// The certificate of whoever is at the other end, after it was found to come from an authority that is trusted.
struct PeerCertificate {
  std::string subject;      ///< as in RFC 2253: "CN=ct1,O=Hospital"
  std::string fingerprint;  ///< SHA-256, 64 lower-case hexadecimal digits
  std::chrono::system_clock::time_point expires{};
  std::string names;  ///< that it was made for, as OpenSSL writes them: "DNS:ct1, IP Address:10.0.0.5"; empty: none

  static PeerCertificate of(const X509& certificate);
  explicit operator bool() const { return !fingerprint.empty(); }
};

}  // namespace fermata::tls
