#pragma once
#include <chrono>
#include <cstdint>
#include <memory>

#include "site.hpp"

namespace fermata::tls {
class Context;
}

namespace fermata::http {

/// Listens, and keeps the connections: one thread waits for all of them, workers answer.
///
/// **Thread**: `listen`, `serve`, `drain` and `stop` from one thread, in this order. **Ownership**: the threads, which
/// `stop` or the destructor join; the site stays the caller's. **Errors**: `listen` throws unavailable (the port is
/// taken) and invalid (no such address).
class Server {
 public:
  explicit Server(const Site& site);
  ~Server();
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  void listen();  ///< takes the port; connections wait in the kernel until `serve`
  uint16_t port() const;
  tls::Context* tls();  ///< after `listen`; null: plain HTTP
  void serve();
  /// Accepts nothing more, closes idle connections, and returns when all requests have been answered. What is left
  /// shortly before time is up is cut off.
  void drain(std::chrono::milliseconds limit);
  void stop() noexcept;

 private:
  class Core;
  std::unique_ptr<Core> core_;
};

}  // namespace fermata::http
