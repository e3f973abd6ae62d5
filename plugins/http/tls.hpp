#pragma once
#include <chrono>
#include <memory>
#include <string>

#include "fermata/journal.hpp"
#include "transport.hpp"

namespace fermata::http {

struct TlsSettings {
  std::string certificate;  ///< PEM file: the server's certificate, then those between it and the authority
  std::string key;          ///< PEM file

  bool wanted() const { return !certificate.empty(); }
};

/// The server's side of TLS 1.2 and 1.3. When its files change, connections that come later get the new certificate; if
/// that can't be used, they get the old one, and the log says why.
///
/// **Thread**: one at a time; its transports belong to whoever has them. **Errors**: the constructor throws invalid,
/// naming the file.
class Tls {
 public:
  Tls(TlsSettings settings, const Journal& journal);
  ~Tls();

  std::unique_ptr<Transport> transport(int descriptor);

 private:
  struct Context;
  struct Stamp;

  void renew_if_changed();
  std::unique_ptr<Context> open() const;

  const TlsSettings settings_;
  const Journal& journal_;
  std::unique_ptr<Context> context_;
  std::unique_ptr<Stamp> stamp_;
  std::chrono::steady_clock::time_point looked_{};
};

}  // namespace fermata::http
