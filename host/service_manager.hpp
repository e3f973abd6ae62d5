#pragma once
#include <chrono>
#include <optional>
#include <string>

namespace fermata::host {

/// Tells systemd, or whoever set NOTIFY_SOCKET, how the program is. Does nothing where nobody listens.
///
/// **Thread**: any. Protocol: sd_notify(3).
class ServiceManager {
 public:
  void status(const std::string& text);
  void ready(const std::string& text);
  void reloading();
  void stopping();
  void alive();
  /// How often to call `alive`; nothing if no watchdog is set.
  std::optional<std::chrono::milliseconds> watchdog_interval() const;
};

}  // namespace fermata::host
