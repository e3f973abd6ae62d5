#pragma once
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "fermata/command.hpp"
#include "local-socket/server.hpp"
#include "log/log.hpp"

namespace fermata::host {

/// Runs commands that work while the archive serves, for users of other programs on this machine.
///
/// **Thread**: `start` and `stop` from the main thread; each command runs on a thread of its own. **Errors** of
/// `start`: as system_error.
class CommandDesk {
 public:
  CommandDesk(std::filesystem::path socket, std::vector<std::unique_ptr<Command>> commands, Journal journal);
  ~CommandDesk() { stop(); }
  CommandDesk(const CommandDesk&) = delete;
  CommandDesk& operator=(const CommandDesk&) = delete;

  /// Started; null where the configuration names no socket. Where none can be made, the log says so: commands find
  /// nobody then, and the archive is none the worse.
  static std::unique_ptr<CommandDesk> open(const std::filesystem::path& socket,
                                           std::vector<std::unique_ptr<Command>> commands, Logger& logger);
  void start() { server_.start(); }
  void stop() noexcept { server_.stop(); }

 private:
  void serve(local_socket::Connection& user, const std::function<bool()>& stopping);
  Command* find(std::string_view verb) const;

  const std::vector<std::unique_ptr<Command>> commands_;
  const Journal journal_;
  local_socket::Server server_;
};

/// Has the program that serves run a command, for the user at this console, and returns its exit code. Nothing if no
/// program serves there, or if it has no such command that works while it serves.
/// **Errors**: the command's; unavailable (the program has ended meanwhile).
std::optional<int32_t> run_at_desk(const std::filesystem::path& socket, std::string_view verb,
                                   std::span<const std::string_view> arguments, Console& console);

}  // namespace fermata::host
