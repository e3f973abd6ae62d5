#pragma once
#include <atomic>
#include <filesystem>
#include <functional>
#include <list>
#include <thread>

#include "connection.hpp"
#include "fermata/journal.hpp"

namespace fermata::local_socket {

/// Listens at a path for other programs of this machine. **Thread**: `start` and `stop` from the plugin's; the handler
/// on one of its own for each client. **Errors** of `start`: as system_error.
class Server {
 public:
  /// Answers one client; it ends soon when `stopping` is true. What it throws is logged.
  using Handler = std::function<void(Connection&, const std::function<bool()>& stopping)>;

  Server(std::filesystem::path path, Handler handler, Journal journal)
      : path_(std::move(path)), handler_(std::move(handler)), journal_(std::move(journal)) {}
  ~Server() { stop(); }
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  /// Makes the folder too, for the program's own user only, if there is none.
  void start();
  void stop() noexcept;

 private:
  struct Client {
    std::thread thread;
    std::atomic<bool> ended{false};
  };
  void accept_clients();
  void serve(int fd);

  const std::filesystem::path path_;
  const Handler handler_;
  const Journal journal_;
  int listener_ = -1;
  std::atomic<bool> stopping_{false};
  std::thread thread_;
  std::list<Client> clients_;
};

}  // namespace fermata::local_socket
