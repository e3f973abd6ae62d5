#pragma once
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <list>
#include <memory>
#include <mutex>
#include <string>
#include <thread>

#include "admission/reception.hpp"
#include "fermata/journal.hpp"

namespace fermata::dimse {

struct AcceptorSettings {
  std::string bind = "::";                 ///< "::" takes IPv4 as well
  uint16_t port = 11112;                   ///< 0: any that is free
  std::string port_option = "port";        ///< its name in the configuration
  unsigned maximum_connections = 656;      ///< those beyond are closed without a word
  unsigned connections_per_address = 328;  ///< likewise: whoever only connects keeps nobody else out
};

/// Listens for connections and gives each a thread of its own, so that a slow peer is nobody else's business.
///
/// **Thread**: `listen`, `serve`, `drain` and `stop` from one thread, in this order. **Ownership**: the threads;
/// `stop`, or the destructor, joins them all. **Errors**: `listen` throws unavailable (the port is taken), invalid (no
/// such address).
class Acceptor {
 public:
  /// `tls`: what every connection has to speak on this port; null: plain.
  Acceptor(AcceptorSettings settings, Reception& reception, const Journal& journal, tls::Context* tls = nullptr);
  ~Acceptor();

  void listen();  ///< takes the port; connections wait in the kernel until `serve`
  uint16_t port() const { return port_; }
  void serve();
  /// Accepts nothing more, ends associations when they are idle, and returns when all have ended or time is up.
  void drain(std::chrono::milliseconds limit);
  void stop() noexcept;  ///< ends those that are left

 private:
  struct Connection {
    std::thread thread;
    std::shared_ptr<Socket> socket;
    bool done = false;
  };

  void accept_all();
  void accept_one();
  void welcome(int descriptor);
  void join_done();

  AcceptorSettings settings_;
  Reception& reception_;
  const Journal& journal_;
  tls::Context* const tls_;
  int listener_ = -1;
  int stopping_ = -1;  ///< readable once nothing new is wanted
  uint16_t port_ = 0;
  std::thread thread_;

  std::mutex mutex_;
  std::condition_variable ended_;
  Seats seats_;
  std::list<Connection> connections_;  ///< under mutex_
  unsigned open_ = 0;                  ///< those of them that are not done; under mutex_
};

}  // namespace fermata::dimse
