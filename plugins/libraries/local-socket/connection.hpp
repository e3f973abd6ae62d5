#pragma once
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace fermata::local_socket {

/// One end of a connection between two programs of this machine, which tell each other lines.
/// **Thread**: one at a time. **Ownership**: of the descriptor.
class Connection {
 public:
  explicit Connection(int fd) : fd_(fd) {}
  ~Connection();
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  /// To the program that listens at this path; null if none does. **Errors**: as system_error.
  static std::unique_ptr<Connection> to(const std::filesystem::path& path);

  /// A line without its end; nothing at the end of the connection, or when `stop` says so.
  std::optional<std::string> receive(const std::function<bool()>& stop = [] { return false; });
  bool send(std::string line);  ///< false: the other side has gone, or does not read
  bool has_gone() const;        ///< the other side
  bool is_ours() const;         ///< the other side's user is root, or ours

 private:
  const int fd_;
  std::string held_;
};

}  // namespace fermata::local_socket
