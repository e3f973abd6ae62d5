#pragma once
#include <atomic>
#include <filesystem>
#include <functional>
#include <list>
#include <memory>
#include <string>
#include <string_view>
#include <thread>

#include "fermata/journal.hpp"

namespace fermata::backup {

/// The client's end of a control socket. **Thread**: one at a time.
class ControlConnection {
 public:
  /// What the answers to a request begin with.
  static constexpr std::string_view kProgress = "progress ";
  static constexpr std::string_view kDone = "done ";
  static constexpr std::string_view kFailed = "failed ";

  explicit ControlConnection(int fd) : fd_(fd) {}
  ~ControlConnection();
  ControlConnection(const ControlConnection&) = delete;
  ControlConnection& operator=(const ControlConnection&) = delete;

  /// A connection to the program that serves in `folder`; null if none does.
  static std::unique_ptr<ControlConnection> to(const std::filesystem::path& folder);

  /// A line without its end; false at the end of the connection, or when `end` says so.
  bool receive(
      std::string& line, const std::function<bool()>& end = [] { return false; });
  bool send(const std::string& line);  ///< false: the other side has gone

 private:
  const int fd_;
  std::string buffer_;
};

/// Sends a request, shows how it goes on standard error and how it ended on standard output; the exit code.
/// **Errors**: unavailable: it failed, or the program has gone.
int32_t ask(ControlConnection& connection, const std::string& request);

/// Where the verbs of this machine reach the program that has the archive open: a socket that only its own user, and
/// root, may use. **Thread**: `start` and `stop` from the plugin's; the handler on one of its own for each client.
class ControlSocket {
 public:
  /// Answers one client; it ends soon when `stopping` is true.
  using Handler = std::function<void(ControlConnection&, const std::function<bool()>& stopping)>;

  ControlSocket(std::filesystem::path folder, Handler handler, Journal journal)
      : folder_(std::move(folder)), handler_(std::move(handler)), journal_(std::move(journal)) {}
  ~ControlSocket() { stop(); }

  void start();
  void stop() noexcept;

 private:
  struct Client {
    std::thread thread;
    std::atomic<bool> ended{false};
  };
  void accept_clients();
  void serve(int fd);

  const std::filesystem::path folder_;
  const Handler handler_;
  const Journal journal_;
  int listener_ = -1;
  std::atomic<bool> stopping_{false};
  std::thread thread_;
  std::list<Client> clients_;
};

}  // namespace fermata::backup
