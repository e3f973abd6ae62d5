#pragma once
#include <chrono>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

#include "fermata/journal.hpp"
#include "tls/channel.hpp"

namespace fermata::tls {

/// PEM files; the names in messages are those of the options `tls.certificate`, `tls.key`, `tls.authorities`.
struct Settings {
  enum class Ask { nothing, optional, required };  ///< of a server for the certificate of its client

  std::string certificate;  ///< ours, then those between it and the authority; a client may have none
  std::string key;
  std::string authorities;  ///< those that the peer's certificate has to come from; a client needs them
  Ask peer_certificate = Ask::nothing;
  std::chrono::milliseconds warn_before{std::chrono::days(21)};  ///< that our certificate expires
  bool http = false;  ///< choose HTTP/1.1 where the client lets us choose (ALPN)
};

/// The certificate that connections are given now.
struct OwnCertificate {
  std::string subject;
  std::chrono::system_clock::time_point expires;  ///< it, or the first one of those between it and the authority
  std::string problem;                            ///< why its files, as they are by now, can't be used
};

/// One side of TLS with its certificates: see the README for what it negotiates. When its files change, connections
/// that come later get the new ones; if those can't be used, they get the old ones, and the log says why.
///
/// **Thread**: any number at once. **Errors**: the constructor throws invalid, naming the file; `open` out_of_memory.
class Context {
 public:
  Context(Channel::Side side, Settings settings, const Journal& journal);
  ~Context();

  /// Over a non-blocking descriptor that stays the caller's.
  std::unique_ptr<Channel> open(int descriptor);

  /// Empty: this side shows none.
  std::optional<OwnCertificate> own();
  const Settings& settings() const { return settings_; }

 private:
  using Loaded = std::shared_ptr<SSL_CTX>;
  struct Stamp;

  Loaded current();  ///< under mutex_
  Loaded load() const;
  void identify(SSL_CTX& context) const;
  void trust(SSL_CTX& context) const;

  const Channel::Side side_;
  const Settings settings_;
  const Journal& journal_;
  std::mutex mutex_;
  Loaded loaded_;                                   ///< under mutex_
  std::unique_ptr<Stamp> stamp_;                    ///< under mutex_
  std::string problem_;                             ///< of the last `load`; under mutex_
  std::chrono::steady_clock::time_point looked_{};  ///< under mutex_
};

}  // namespace fermata::tls
